package org.gridwarden.dlms.security;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.gridwarden.dlms.KeyUse;

/**
 * The greatest invocation counters that came under a key, by sender: what is not above them came
 * before. One belongs to one key and dies with it. Thread-safe.
 */
@FunctionalInterface
public interface CounterMemory {
  /**
   * Takes note of a counter, of an APDU that proved genuine, where it is greater than all before.
   * An implementation that outlives the process makes it durable before it returns.
   *
   * @param use unicast, broadcast or one message's own key; each counts for itself
   * @param sender the sender's system title
   * @param counter 0 to 2^32 - 1
   * @return false, and nothing changes, where it is not greater
   */
  boolean advance(KeyUse use, OctetString sender, long counter);

  /** One that lives as long as the object. */
  static CounterMemory inMemory() {
    record Sender(KeyUse use, OctetString title) {}
    Map<Sender, Long> greatest = new ConcurrentHashMap<>();
    return (use, title, counter) -> {
      boolean[] greater = {false};
      greatest.compute(
          new Sender(use, title),
          (_, before) -> {
            greater[0] = before == null || counter > before;
            return greater[0] ? Long.valueOf(counter) : before;
          });
      return greater[0];
    };
  }
}
