/** What the person asked, as it was written. */
export function QuestionMessage({ text }: { text: string }) {
  return (
    <article data-message tabIndex={-1} aria-label="Question" className="border-l-2 border-line py-1 pl-3">
      <h2 className="text-15 font-label break-words whitespace-pre-wrap">{text}</h2>
    </article>
  );
}
