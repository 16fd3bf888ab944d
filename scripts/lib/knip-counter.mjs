// A reporter for knip that says how many files it looked at.
export default ({ counters }) => console.log(`on ${counters.processed} files`);
