package org.gridwarden.exchange.export;

import java.io.IOException;
import java.util.List;
import org.gridwarden.core.MeterId;

/** Where intervals come from. Thread-safe. */
public interface Source {
  /** What a meter measures that others have words for. */
  List<ExportChannel> channels(MeterId meter);

  /**
   * A channel's days, in order of time.
   *
   * @throws IOException what the taker throws
   */
  void days(ExportPart part, ExportChannel channel, EachDay each) throws IOException;

  /** Takes a civil day's intervals, in order of time; none is empty. */
  @FunctionalInterface
  interface EachDay {
    /**
     * A day.
     *
     * @throws IOException where it cannot be passed on
     */
    void take(List<ExportSlot> day) throws IOException;
  }
}
