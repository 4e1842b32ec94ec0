import { join } from 'node:path';
import type { RawDelivery } from '../../functions/hooks/delivery.ts';
import type { AnySource } from '../../functions/hooks/source.ts';
import { projectRoot } from '../../local/project-root.ts';
import { UsageError } from '../run-command.ts';
import { deliver, isTaken, type Answer } from './deliver.ts';
import { findConversation, resultsOf, type Found, type Result } from './find-conversations.ts';
import { localTarget, stageTarget, type Target } from '../open-target.ts';
import { headersPath, readHeaders, readSample, samplePath, type Sample } from './read-sample.ts';
import { showProgress } from '../show-progress.ts';
import { showAdvice, showAnswer, showConversation, showSummary } from './show-sent.ts';
import { signSample, withId } from './sign-sample.ts';
import { signingSecret } from './signing-secret.ts';

/** What `npm run hooks -- send` may be told. */
export interface SendOptions {
  sample?: string;
  header?: string[];
  repeat: number;
  secret?: string;
  stage?: string;
  key?: string;
  json?: boolean;
}

/** So many answers are shown one by one; of more, a summary. */
const mostShown = 20;
/** So many conversations are looked up: those of a large array would fill the screen. */
const mostFound = 5;
const samples = join(projectRoot, 'docs', 'samples');

/**
 * Signs a sample as the source's sender would, sends it, the same event each time, and shows the answers and the conversations it led to.
 * Resolves to whether each was taken (2xx). Throws UsageError for what the person can set right.
 */
export async function sendSample(name: string, source: AnySource, options: SendOptions): Promise<boolean> {
  const { scheme } = source.sender;
  const { repeat, stage, key, json } = options;
  if (scheme.kind === 'topic')
    throw new Error('Only AWS can sign for SNS: publish to the topic, e.g. with aws sns publish.');
  const sample = withId(scheme, sampleOf(name, options));
  const target = stage === undefined ? await localTarget() : await stageTarget(stage, key);
  if (!target) throw new UsageError('The local system does not run: npm start');
  const secret = await signingSecret(name, scheme, options);
  const url = `${target.url}/v1/hooks/${name}`;
  const isMany = repeat > mostShown;
  const progress = isMany ? showProgress(repeat) : undefined;
  if (!json) console.log(`POST ${url}`);
  const answers: Answer[] = [];
  let taken: { delivery: RawDelivery; answer: Answer } | undefined;
  for (let count = 1; count <= repeat; count++) {
    const delivery = signSample(scheme, secret, sample, url);
    const answer = await deliver(delivery);
    answers.push(answer);
    if (isTaken(answer)) taken ??= { delivery, answer };
    if (!json && !isMany) showAnswer(answer);
    progress?.show(count);
  }
  progress?.end();
  const results = taken ? resultsOf(name, source, { ...taken, org: target.org }) : [];
  const conversations = await lookUp(results, target);
  if (json) console.log(JSON.stringify({ url, answers, results, conversations }));
  else {
    if (isMany) showSummary(answers);
    showAdvice(answers, results);
    for (const found of conversations) showConversation(found, target);
  }
  return answers.every(isTaken);
}

function sampleOf(name: string, { sample: file, header = [] }: SendOptions): Sample {
  const own = samplePath(samples, name);
  const sample =
    file === undefined ? readSample(own) : readSample(file, [headersPath(file), headersPath(own)]);
  return { ...sample, headers: { ...sample.headers, ...readHeaders(header) } };
}

/** The conversations of a delivery, each once; only their ids where there is no key to read them with. */
async function lookUp(results: readonly Result[], target: Target): Promise<Found[]> {
  const ids = new Set(results.flatMap(({ conversation }) => conversation ?? []));
  const some = [...ids].slice(0, mostFound);
  if (target.key === undefined) return some.map((id) => ({ id }));
  return await Promise.all(some.map((id) => findConversation(id, target)));
}
