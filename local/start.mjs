import module from 'node:module';

// Plain JavaScript that an old Node can parse, so that the wrong Node gets a sentence instead of a syntax error.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Node 24 is needed, this is ${process.versions.node}: run npm ci, which brings it, then npm start.`,
  );
  process.exitCode = 1;
} else {
  // What Node compiles is kept: the next start loads it faster.
  module.enableCompileCache();
  import('./main.ts').then((main) => main.run());
}
