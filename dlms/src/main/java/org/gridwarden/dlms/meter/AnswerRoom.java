package org.gridwarden.dlms.meter;

import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Outcome;

/**
 * What one answer with several values may grow to: a short question must not buy any amount of
 * memory by asking for the same long value many times. One thread at a time.
 */
final class AnswerRoom {
  private static final int MOST = 4 << 20;

  private int left = MOST;

  /** The outcome, or a refusal where the answer has grown too long. */
  Outcome take(Outcome outcome) {
    if (outcome instanceof Outcome.Value(DlmsData data)) {
      left -= left < 0 ? 0 : Axdr.size(data);
      return left < 0 ? new Outcome.Refused(AccessResult.OTHER_REASON) : outcome;
    }
    return outcome;
  }
}
