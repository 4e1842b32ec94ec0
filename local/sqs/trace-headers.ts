/** What fauxqs reads of a message that is sent: of SendMessage, or of an entry of SendMessageBatch. */
interface SentMessage {
  MessageAttributes?: Record<string, unknown>;
  MessageSystemAttributes?: { AWSTraceHeader?: { StringValue?: string } };
}

/** The part of a request to SQS that traces are about. */
export interface SqsRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: unknown;
}

/** A message as fauxqs keeps it. */
export interface KeptMessage {
  messageAttributes: Record<string, unknown>;
}

/** A message as fauxqs gives it out. */
export interface ReceivedMessage {
  MessageAttributes?: Record<string, unknown>;
  Attributes?: Record<string, string>;
}

/** The system attribute; among a kept message's own attributes it is where fauxqs writes it to disk, under a name that no sender may use. */
const name = 'AWSTraceHeader';
const kept = `AWS.${name}`;

/**
 * Trace headers of messages, of which fauxqs knows nothing: as SQS does, it takes that of the request, or the message's own in its place, and
 * gives it to whoever receives the message. https://docs.aws.amazon.com/xray/latest/devguide/xray-services-sqs.html
 */
export class TraceHeaders {
  /** By the attributes object, which fauxqs makes the message with. */
  readonly #sent = new WeakMap<object, string>();
  readonly #received = new WeakMap<object, string>();

  /** Takes in a request before fauxqs acts on it. */
  note({ headers, body }: SqsRequest): void {
    const [, action] = String(headers['x-amz-target']).split('.');
    if (action !== 'SendMessage' && action !== 'SendMessageBatch') return;
    const messages = action === 'SendMessage' ? [body] : ((body as { Entries?: unknown[] }).Entries ?? []);
    for (const message of messages as SentMessage[]) {
      const header = message.MessageSystemAttributes?.[name]?.StringValue ?? headers['x-amzn-trace-id'];
      if (typeof header !== 'string') continue;
      message.MessageAttributes ??= {};
      this.#sent.set(message.MessageAttributes, header);
    }
  }

  /** Gives a message its header, when it is put on a queue for the first time. */
  keep(message: KeptMessage): void {
    const StringValue = this.#sent.get(message.messageAttributes);
    if (StringValue === undefined) return;
    message.messageAttributes = { ...message.messageAttributes, [kept]: { DataType: 'String', StringValue } };
  }

  /** Takes the header from a received message's own attributes: a receiver names those that it wants, and this is none of them. */
  take(message: ReceivedMessage): void {
    const { [kept]: header, ...attributes } = message.MessageAttributes ?? {};
    if (header === undefined) return;
    this.#received.set(message, (header as { StringValue: string }).StringValue);
    if (Object.keys(attributes).length > 0) message.MessageAttributes = attributes;
    else delete message.MessageAttributes;
  }

  /** Shows the headers of the messages in an answer to whoever asked for them. */
  show({ body }: SqsRequest, answer: unknown): void {
    const { Messages } = answer as { Messages?: ReceivedMessage[] };
    const { AttributeNames = [], MessageSystemAttributeNames = [] } = body as Record<
      string,
      string[] | undefined
    >;
    const wanted = [...AttributeNames, ...MessageSystemAttributeNames];
    if (!Messages || !(wanted.includes('All') || wanted.includes(name))) return;
    for (const message of Messages) {
      const header = this.#received.get(message);
      if (header !== undefined) message.Attributes = { ...message.Attributes, [name]: header };
    }
  }
}
