package org.gridwarden.channel.xmpp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.MeterId;

/**
 * Which meters are there: each the connection that said so last. What the server says when one
 * goes, and a meter that answers no more, hint at an outage and prove none. Thread-safe.
 */
final class Presences {
  private final Duration grace;
  private final Duration ping;
  private final Losses losses;
  private final Map<MeterId, Here> all = new HashMap<>();

  /** Who is told of meters that have gone. */
  interface Losses {
    /** It cannot be reached any more; nobody need wait for it. */
    void gone(MeterId meter);

    /**
     * It has been away for longer than the grace.
     *
     * @param will the warning that it sealed while it was there
     */
    void lost(MeterId meter, byte[] will);
  }

  /**
   * A meter that is there.
   *
   * @param jid its connection
   * @param will what is to be told for it where it goes without a word
   * @param heard when something came from it last, by System.nanoTime
   */
  private record Here(Jid jid, Optional<byte[]> will, boolean away, long heard) {
    Here now() {
      return new Here(jid, will, away, System.nanoTime());
    }
  }

  Presences(Duration grace, Duration ping, Losses losses) {
    this.grace = grace;
    this.ping = ping;
    this.losses = losses;
  }

  /**
   * A meter says that it is there.
   *
   * @param away whether it says that it takes no orders now, as it is about to lose its supply say
   */
  void available(MeterId meter, Jid jid, Optional<byte[]> will, boolean away) {
    synchronized (this) {
      all.put(meter, new Here(jid, will, away, System.nanoTime()));
    }
    if (away) {
      losses.gone(meter);
      will.ifPresent(w -> tellUnlessBack(meter, w));
    }
  }

  /**
   * A connection has ended, says the server.
   *
   * @param leave whether the meter took its leave itself
   */
  void unavailable(MeterId meter, Jid jid, boolean leave) {
    Optional<Here> was = remove(meter, jid);
    if (was.isPresent()) {
      losses.gone(meter);
      if (!leave && !was.get().away()) {
        was.get().will().ifPresent(will -> tellUnlessBack(meter, will));
      }
    }
  }

  private synchronized Optional<Here> remove(MeterId meter, Jid jid) {
    Optional<Here> here = Optional.ofNullable(all.get(meter)).filter(h -> h.jid().equals(jid));
    here.ifPresent(_ -> all.remove(meter));
    return here;
  }

  private void tellUnlessBack(MeterId meter, byte[] will) {
    Thread.ofVirtual()
        .name("xmpp-hint")
        .start(() -> {
          try {
            Thread.sleep(grace);
            if (find(meter).isEmpty()) {
              losses.lost(meter, will);
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /**
   * Something came from a connection.
   *
   * @return whether it is known that this meter is there
   */
  synchronized boolean heard(MeterId meter, Jid jid) {
    return all.computeIfPresent(meter, (_, here) -> here.jid().equals(jid) ? here.now() : here)
        != null;
  }

  /** Where orders to a meter go; empty where it is not there, or takes none. */
  synchronized Optional<Jid> find(MeterId meter) {
    return Optional.ofNullable(all.get(meter)).filter(here -> !here.away()).map(Here::jid);
  }

  /** Who is to be asked now whether they are there; who did not answer counts as gone. */
  List<Jid> silent() {
    Map<MeterId, Jid> gone = new HashMap<>();
    List<Jid> asked = new ArrayList<>();
    synchronized (this) {
      long now = System.nanoTime();
      all.forEach((meter, here) -> {
        if (now - here.heard() > 2 * ping.toNanos()) {
          gone.put(meter, here.jid());
        } else if (now - here.heard() > ping.toNanos()) {
          asked.add(here.jid());
        }
      });
    }
    gone.forEach((meter, jid) -> unavailable(meter, jid, false));
    return asked;
  }

  synchronized int count() {
    return all.size();
  }

  /** The link to the server has ended: of nobody it is known whether they are there. */
  synchronized void clear() {
    all.clear();
  }
}
