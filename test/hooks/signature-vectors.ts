/** A signed message, as somebody else published it. */
export interface SignatureVector {
  label: string;
  secret: string;
  signature: string;
  body: string;
  valid: boolean;
}

/**
 * Published signatures of a body by HMAC-SHA256 in hex:
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
 * and, without a label, https://github.com/razorpay/razorpay-node/issues/29
 */
export const signatureVectors: Record<string, SignatureVector> = {
  'GitHub’s own example': {
    label: 'sha256=',
    secret: "It's a Secret to Everybody",
    signature: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    body: 'Hello, World!',
    valid: true,
  },
  'GitHub’s own example without its label': {
    label: 'sha256=',
    secret: "It's a Secret to Everybody",
    signature: '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    body: 'Hello, World!',
    valid: false,
  },
  'one without a label': {
    label: '',
    secret: '123456',
    signature: 'ee0a3edebeb4be41bafa3bc0a39069d7845a5c37760b863405049de80b5fe92d',
    body: '{a:1, b:2}',
    valid: true,
  },
  'another without a label': {
    label: '',
    secret: '123456',
    signature: '58fd9fac909b57d776606e9313e83a26a9e67a3488b9ca7259134e09f4badfb1',
    body: '{c:1, d:2}',
    valid: true,
  },
  'one of another body': {
    label: '',
    secret: '123456',
    signature: '58fd9fac909b57d776606e9313e83a26a9e67a3488b9ca7259134e09f4badfb1',
    body: '{a:1, b:2}',
    valid: false,
  },
};
