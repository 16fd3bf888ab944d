/** Stands for rows that are on their way, in the size of what replaces it. */
export function SkeletonRows({ rows, label }: { rows: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-8 items-center px-3">
          <div className="h-3 rounded-input bg-bg3" style={{ width: `${40 + ((row * 37) % 45)}%` }} />
        </div>
      ))}
    </div>
  );
}
