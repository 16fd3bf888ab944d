;; What mirror.ts computes, in WebAssembly for its 16-byte vectors. `node scripts/kernel.ts` writes kernel-code.ts from it,
;; and a test fails where the two differ. plain-kernel.ts is the same in JavaScript.
(module
  (memory (export "memory") 1)

  ;; Scores the rows of `groups` groups of 16. Byte b of a group's 16 rows stands together, 16 bytes at rows + 16 b; at
  ;; table + 32 b stand 16 entries for its low nibble and 16 for its high one, each at most 31. A row's score, 16 bits,
  ;; is the sum of the entries that its nibbles choose. `steps` is a quarter of a row's bytes.
  (func (export "score") (param $rows i32) (param $groups i32) (param $steps i32) (param $table i32) (param $scores i32)
    (local $entry i32) (local $left i32)
    (local $both v128) (local $sum v128) (local $first v128) (local $last v128)
    (block $done
      (loop $group
        (br_if $done (i32.eqz (local.get $groups)))
        (local.set $first (v128.const i64x2 0 0))
        (local.set $last (v128.const i64x2 0 0))
        (local.set $entry (local.get $table))
        (local.set $left (local.get $steps))
        (loop $step
          ;; Eight entries of at most 31 fit a byte; then they are added as 16 bits.
          (local.set $sum (v128.const i64x2 0 0))
          (local.set $both (v128.load offset=0 (local.get $rows)))
          (local.set $sum (i8x16.add (local.get $sum) (i8x16.swizzle (v128.load offset=0 (local.get $entry)) (v128.and (local.get $both) (v128.const i64x2 0x0f0f0f0f0f0f0f0f 0x0f0f0f0f0f0f0f0f)))))
          (local.set $sum (i8x16.add (local.get $sum) (i8x16.swizzle (v128.load offset=16 (local.get $entry)) (i8x16.shr_u (local.get $both) (i32.const 4)))))
          (local.set $both (v128.load offset=16 (local.get $rows)))
          (local.set $sum (i8x16.add (local.get $sum) (i8x16.swizzle (v128.load offset=32 (local.get $entry)) (v128.and (local.get $both) (v128.const i64x2 0x0f0f0f0f0f0f0f0f 0x0f0f0f0f0f0f0f0f)))))
          (local.set $sum (i8x16.add (local.get $sum) (i8x16.swizzle (v128.load offset=48 (local.get $entry)) (i8x16.shr_u (local.get $both) (i32.const 4)))))
          (local.set $both (v128.load offset=32 (local.get $rows)))
          (local.set $sum (i8x16.add (local.get $sum) (i8x16.swizzle (v128.load offset=64 (local.get $entry)) (v128.and (local.get $both) (v128.const i64x2 0x0f0f0f0f0f0f0f0f 0x0f0f0f0f0f0f0f0f)))))
          (local.set $sum (i8x16.add (local.get $sum) (i8x16.swizzle (v128.load offset=80 (local.get $entry)) (i8x16.shr_u (local.get $both) (i32.const 4)))))
          (local.set $both (v128.load offset=48 (local.get $rows)))
          (local.set $sum (i8x16.add (local.get $sum) (i8x16.swizzle (v128.load offset=96 (local.get $entry)) (v128.and (local.get $both) (v128.const i64x2 0x0f0f0f0f0f0f0f0f 0x0f0f0f0f0f0f0f0f)))))
          (local.set $sum (i8x16.add (local.get $sum) (i8x16.swizzle (v128.load offset=112 (local.get $entry)) (i8x16.shr_u (local.get $both) (i32.const 4)))))
          (local.set $first (i16x8.add (local.get $first) (i16x8.extend_low_i8x16_u (local.get $sum))))
          (local.set $last (i16x8.add (local.get $last) (i16x8.extend_high_i8x16_u (local.get $sum))))
          (local.set $rows (i32.add (local.get $rows) (i32.const 64)))
          (local.set $entry (i32.add (local.get $entry) (i32.const 128)))
          (br_if $step (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
        (v128.store (local.get $scores) (local.get $first))
        (v128.store offset=16 (local.get $scores) (local.get $last))
        (local.set $scores (i32.add (local.get $scores) (i32.const 32)))
        (local.set $groups (i32.sub (local.get $groups) (i32.const 1)))
        (br $group))))

  ;; Adds the rows that are not excluded to the histogram (32 bits a score).
  (func (export "count") (param $scores i32) (param $excluded i32) (param $rows i32) (param $histogram i32)
    (local $at i32)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (if (i32.eqz (i32.load8_u (local.get $excluded)))
          (then
            (local.set $at (i32.add (local.get $histogram) (i32.shl (i32.load16_u (local.get $scores)) (i32.const 2))))
            (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))))
        (local.set $scores (i32.add (local.get $scores) (i32.const 2)))
        (local.set $excluded (i32.add (local.get $excluded) (i32.const 1)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row))))

  ;; Writes the numbers (32 bits) of rows that are not excluded and score at least `least` to `found`; returns how many.
  (func (export "collect") (param $scores i32) (param $excluded i32) (param $rows i32) (param $least i32) (param $found i32) (result i32)
    (local $row i32) (local $end i32)
    (local.set $end (local.get $found))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $row) (local.get $rows)))
        (if (i32.ge_u (i32.load16_u (i32.add (local.get $scores) (i32.shl (local.get $row) (i32.const 1)))) (local.get $least))
          (then
            (if (i32.eqz (i32.load8_u (i32.add (local.get $excluded) (local.get $row))))
              (then
                (i32.store (local.get $end) (local.get $row))
                (local.set $end (i32.add (local.get $end) (i32.const 4)))))))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $next)))
    (i32.shr_u (i32.sub (local.get $end) (local.get $found)) (i32.const 2)))

  ;; Writes the inner products (32 bits) of the query and `count` rows of int8, whose numbers stand at `found`, to
  ;; `products`. `size` is a multiple of 16; no value is -128, so two products fit 16 bits.
  (func (export "multiply") (param $vectors i32) (param $size i32) (param $query i32) (param $found i32) (param $count i32) (param $products i32)
    (local $row i32) (local $at i32) (local $left i32) (local $sum v128) (local $a v128) (local $b v128)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $row (i32.add (local.get $vectors) (i32.mul (i32.load (local.get $found)) (local.get $size))))
        (local.set $at (local.get $query))
        (local.set $left (local.get $size))
        (local.set $sum (v128.const i64x2 0 0))
        (loop $part
          (local.set $a (v128.load (local.get $row)))
          (local.set $b (v128.load (local.get $at)))
          (local.set $sum
            (i32x4.add
              (local.get $sum)
              (i32x4.extadd_pairwise_i16x8_s
                (i16x8.add (i16x8.extmul_low_i8x16_s (local.get $a) (local.get $b)) (i16x8.extmul_high_i8x16_s (local.get $a) (local.get $b))))))
          (local.set $row (i32.add (local.get $row) (i32.const 16)))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br_if $part (local.tee $left (i32.sub (local.get $left) (i32.const 16)))))
        (i32.store
          (local.get $products)
          (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
            (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))
        (local.set $found (i32.add (local.get $found) (i32.const 4)))
        (local.set $products (i32.add (local.get $products) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next)))))
