import type {
  BulkDestination,
  ConversationStore,
  OutcomeOfMany,
} from '../conversations/conversation-store.ts';
import { Problem } from '../lambda/problem.ts';
import type { DraftsQueue } from '../queue/drafts-queue.ts';
import { groupWithin } from '../queue/group-within.ts';
import { sharesOf, type Ask } from './ask.ts';
import { parcelsOf, type Parcel } from './parcels.ts';

/** Where asks go. */
interface Destinations {
  store: ConversationStore;
  bulk: BulkDestination;
  queue: Pick<DraftsQueue, 'send'>;
}

/** The outcomes of an ask's conversations; undefined when it was handed over, and a message that follows it up is on the queue. */
export type Handed = [Ask, readonly OutcomeOfMany[] | undefined];

/** So many conversations cost less handed over than one by one, though somebody has to ask for their outcome. */
const fewest = 3;
/** Seconds until it is asked for first. */
const firstLook = 5;

/**
 * Hands over what is asked for, as much at once as a request takes. When the function dies in it, the asks come back and are handed over
 * again: what the destination has by then it refuses by its id.
 */
export async function handOver(asks: readonly Ask[], to: Destinations): Promise<Handed[]> {
  const { bulk } = to;
  const isSmall = ({ conversations }: Ask) =>
    conversations.every((each) => bulk.takes(each) && bulk.bytesOf(each) <= bulk.limits.bytes);
  const parcels = parcelsOf(asks.filter(isSmall), bulk);
  const isFew = (parcel: Parcel) => parcel.flatMap(({ conversations }) => conversations).length < fewest;
  const alone = [...asks.filter((ask) => !isSmall(ask)), ...parcels.filter(isFew).flat()];
  const handed = await Promise.all([
    createEach(alone, to),
    ...parcels.filter((parcel) => !isFew(parcel)).map((parcel) => send(parcel, to)),
  ]);
  return handed.flat();
}

async function createEach(asks: readonly Ask[], { store }: Destinations): Promise<Handed[]> {
  const outcomes = await store.createMany(asks.flatMap(({ conversations }) => conversations));
  const shares = sharesOf(asks, outcomes);
  return asks.map((ask, index) => [ask, shares[index]]);
}

async function send(parcel: Parcel, to: Destinations, isRest = false): Promise<Handed[]> {
  const { bulk, queue } = to;
  const conversations = parcel.flatMap((ask) => ask.conversations);
  const requests = groupWithin(conversations, (each) => bulk.bytesOf(each), bulk.limits);
  try {
    const ids = await Promise.all(requests.map((request) => bulk.handOver(request)));
    const handedOver = {
      at: new Date().toISOString(),
      bulks: ids.map((id, index) => ({ id, count: requests[index]!.length })),
      messages: parcel.map(({ message }) => message),
    };
    await queue.send({ version: 1, handedOver }, firstLook);
    return parcel.map((ask) => [ask, undefined]);
  } catch (error) {
    if (!(error instanceof Problem)) {
      return parcel.map((ask) => [ask, ask.conversations.map(() => ({ kind: 'failed', error }))]);
    }
    // One item that the destination will not have makes it refuse them all.
    const faulty = requests.length === 1 && !isRest ? asksNamedIn(error, parcel) : parcel;
    const rest = parcel.filter((ask) => !faulty.includes(ask));
    if (faulty.length === 0 || rest.length === 0) return await createEach(parcel, to);
    return [...(await createEach(faulty, to)), ...(await send(rest, to, true))];
  }
}

/** The asks that a refusal's pointers lead into, such as `/7/custom/planStr`. */
function asksNamedIn({ faults }: Problem, parcel: Parcel): Ask[] {
  const places = faults.map(({ pointer = '' }) =>
    Number(/^\/(\d+)(?:\/|$)/.exec(pointer)?.[1] ?? Number.NaN),
  );
  const order = sharesOf(parcel, [...parcel.flatMap(({ conversations }) => conversations).keys()]);
  return parcel.filter((_, index) => places.some((place) => order[index]!.includes(place)));
}
