package org.gridwarden.dlms.thirdparty;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.gridwarden.dlms.DlmsData.OctetString;

/**
 * Which transactions of which third party were used. Ids grow (compared byte by byte, unsigned), so
 * that little has to be remembered for ever: the newest ones of each originator, and that all below
 * them are over. Thread-safe.
 */
public interface TransactionMemory {
  /** So many ids of an originator are told apart; older ones are refused unseen. */
  int REMEMBERED = 64;

  /**
   * Uses a transaction, once.
   *
   * @param originator the third party's system title
   * @return false where it was used before, or is older than what is remembered
   * @throws java.io.UncheckedIOException where that cannot be kept: it must not be done then
   */
  boolean use(OctetString originator, OctetString transaction);

  /** One that forgets with its process: for tests, and for what changes nothing. */
  static TransactionMemory inMemory() {
    Window windows = new Window();
    return windows::use;
  }

  /** What both kinds remember. */
  final class Window {
    private final Map<OctetString, NavigableSet<OctetString>> used = new HashMap<>();
    private final Map<OctetString, OctetString> floors = new HashMap<>();

    /** As {@link TransactionMemory#use}. */
    synchronized boolean use(OctetString originator, OctetString transaction) {
      OctetString floor = floors.get(originator);
      if (floor != null && compare(transaction, floor) <= 0) {
        return false;
      }
      NavigableSet<OctetString> ids =
          used.computeIfAbsent(originator, _ -> new TreeSet<>(Window::compare));
      // a copy: what was decoded keeps the message that it stands in
      if (!ids.add(OctetString.of(transaction.bytes()))) {
        return false;
      }
      if (ids.size() > REMEMBERED) {
        floors.put(OctetString.of(originator.bytes()), ids.removeFirst());
      }
      return true;
    }

    /** As {@link #use}, of what a file says. */
    synchronized void restore(
        OctetString originator, OctetString floor, Iterable<OctetString> ids) {
      if (floor.length() > 0) {
        floors.put(originator, floor);
      }
      ids.forEach(id -> use(originator, id));
    }

    /** Takes back what could not be kept. */
    synchronized void forget(OctetString originator, OctetString transaction) {
      NavigableSet<OctetString> ids = used.get(originator);
      if (ids != null) {
        ids.remove(transaction);
      }
    }

    /** Tells all of it. */
    synchronized void each(Teller teller) {
      used.forEach((originator, ids) ->
          teller.tell(originator, floors.getOrDefault(originator, OctetString.EMPTY), ids));
    }

    /** Who is told. */
    interface Teller {
      void tell(OctetString originator, OctetString floor, NavigableSet<OctetString> ids);
    }

    private static int compare(OctetString one, OctetString other) {
      return java.util.Arrays.compareUnsigned(one.bytes(), other.bytes());
    }
  }
}
