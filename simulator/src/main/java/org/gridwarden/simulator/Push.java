package org.gridwarden.simulator;

import java.util.List;
import org.gridwarden.dlms.DlmsData;

/**
 * What a meter is about to tell.
 *
 * @param body the notification's body
 * @param facts the same for the journal
 */
record Push(DlmsData body, List<Confirmed.Fact> facts) {
  /** How many values and slots it carries. */
  int readings() {
    int count = 0;
    for (Confirmed.Fact fact : facts) {
      count += fact instanceof Confirmed.Slots slots ? slots.values().size() : 1;
    }
    return count;
  }
}
