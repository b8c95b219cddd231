package org.gridwarden.bench.channels;

import java.util.List;

/**
 * An outage of the link, by {@link System#nanoTime}, and what became of what was due meanwhile.
 *
 * @param cut when the link went down
 * @param again when it stood again
 * @param judged until when what was due is judged
 */
record Outage(long cut, long again, long judged) {
  private static final double A_SECOND = 1_000;

  /**
   * How many messages of the outage, and of the time after it, were not sent or have not come.
   *
   * @param meters how many there are
   */
  double missing(Notes notes, Settings settings, int meters) {
    List<Notes.Told> told = notes.between(cut, judged);
    double lost = told.stream().filter(t -> t.came().isEmpty()).count();
    double due = meters * (double) (judged - cut) / settings.every().toNanos();
    // each meter may have sent one right before the outage, and another after what is judged
    return lost + Math.max(0, due - 2.0 * meters - told.size());
  }

  /** Adds its figures. What is told late was measured in time: meters fill in what they can. */
  void judge(Notes notes, Settings settings, int meters, Result result) {
    double due = (double) meters * settings.outage().toMillis() / settings.every().toMillis();
    double missing = missing(notes, settings, meters);
    result
        .put(Figure.OUTAGE_DUE, due)
        .put(Figure.OUTAGE_DELIVERED_PERCENT, Math.clamp((due - missing) / due * 100, 0, 100));
    notes.messages().stream()
        .flatMap(t -> t.came().stream())
        .filter(t -> t >= again)
        .min(Long::compare)
        .ifPresent(t -> result.put(Figure.OUTAGE_FIRST_SECONDS, (t - again) / 1e9));
    // late is what came more than twice the usual time after it was due
    double usual = result.get(Figure.UP_P99).orElse(0.0) * 2 + A_SECOND;
    notes.messages().stream()
        .filter(t -> t.sent() >= cut && t.came().isPresent())
        .filter(t -> (t.came().get() - t.sent()) / 1e6 > usual)
        .map(t -> t.came().get())
        .max(Long::compare)
        .ifPresent(t -> result.put(Figure.OUTAGE_LAST_SECONDS, Math.max(0, (t - again) / 1e9)));
  }
}
