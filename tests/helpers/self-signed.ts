import { generateKeyPairSync, sign } from "node:crypto";

const tagged = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts: Buffer[]) => tagged(0x30, ...parts);
const identifier = (hex: string) => tagged(0x06, Buffer.from(hex, "hex"));
const text = (tag: number, value: string) => tagged(tag, Buffer.from(value, "latin1"));

const ecdsaWithSha256 = sequence(identifier("2a8648ce3d040302"));
const commonName = identifier("550403");
const subjectAltName = identifier("551d11");
const basicConstraints = identifier("551d13");
const yes = tagged(0x01, Buffer.from([0xff]));

/** A certificate for `localhost` that signs itself (X.509 version 3, RFC 5280) and its key, both PEM. */
export function selfSigned(): { key: string; certificate: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const name = sequence(tagged(0x31, sequence(commonName, text(0x0c, "localhost"))));
  const facts = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    sequence(text(0x17, "200101000000Z"), text(0x17, "491231235959Z")),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(
      0xa3,
      sequence(
        sequence(subjectAltName, tagged(0x04, sequence(text(0x82, "localhost")))),
        sequence(basicConstraints, yes, tagged(0x04, sequence(yes))),
      ),
    ),
  );
  const whole = sequence(facts, ecdsaWithSha256, tagged(0x03, Buffer.from([0]), sign("sha256", facts, privateKey)));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}
