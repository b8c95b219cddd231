package org.gridwarden.channel.zigbee.establish;

import java.util.Arrays;
import org.gridwarden.security.cbke.Refusal;
import org.gridwarden.security.cbke.Suite;

/** What follows from a command of a meter's. */
public sealed interface Step {
  /** Key Establishment's commands; they have the same numbers either way. */
  int INITIATE = 0;

  int EPHEMERAL = 1;
  int CONFIRM = 2;
  int TERMINATE = 3;

  /** It is answered. */
  @SuppressWarnings("ArrayRecordComponent") // its maker gives it up
  record Say(int command, byte[] payload) implements Step {}

  /**
   * The meter has proven itself: the key takes the place of the one before, and then the proof is
   * sent.
   *
   * @param linkKey 16 bytes
   * @param proof the payload of the last answer
   */
  @SuppressWarnings("ArrayRecordComponent") // its maker gives it up
  record Agreed(Suite suite, byte[] linkKey, byte[] proof) implements Step {
    @Override
    public String toString() {
      return "Agreed[" + suite + "]";
    }
  }

  /**
   * It is ended, and the meter is told.
   *
   * @param why for people
   */
  @SuppressWarnings("ArrayRecordComponent") // its maker gives it up
  record Refused(Refusal refusal, byte[] terminate, String why) implements Step {
    @Override
    public String toString() {
      return "Refused[" + refusal + ", " + why + ", " + Arrays.toString(terminate) + "]";
    }
  }

  /** The meter has ended it; nothing is answered. */
  record Ended(String why) implements Step {}
}
