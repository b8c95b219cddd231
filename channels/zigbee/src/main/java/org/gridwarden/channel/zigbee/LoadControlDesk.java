package org.gridwarden.channel.zigbee;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.gridwarden.channel.zigbee.ToldBook.Kind;
import org.gridwarden.channel.zigbee.ToldBook.Told;
import org.gridwarden.core.Action;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.listener.Tally;

/**
 * The office's side of demand response and load control. An event rides behind an order to limit
 * load that the meter has confirmed: the limit is what was signed, the event is how the household
 * can stay below it, and who opts out of it does not opt out of the limit. Thread-safe.
 */
final class LoadControlDesk implements ClusterDesk {
  private static final String ENDED = "told to end";

  private final ToldBook book;
  private final InstantSource clock;
  private final Voice voice;
  private final Tally tally;

  LoadControlDesk(ToldBook book, InstantSource clock, Voice voice, Tally tally) {
    this.book = book;
    this.clock = clock;
    this.voice = voice;
    this.tally = tally;
  }

  /** A meter has confirmed a limit; one that is shorter than a minute ends the event before it. */
  void confirmed(Action.LimitLoad limit, Known to, MeterId meter) {
    Instant now = clock.instant();
    Optional<LoadEvent> event = LoadEvent.of(limit, book.nextId(now), now);
    if (event.isEmpty()) {
      end(to, meter, now);
      return;
    }
    LoadEvent one = event.get();
    book.add(
        new Told(
            meter,
            Kind.EVENT,
            one.id(),
            one.start(),
            one.minutes(),
            one.criticality(),
            "told",
            now,
            "at most " + limit.watts() + " W"));
    say(to, Clusters.ENDPOINT, (int) one.id(), LoadEvent.EVENT, one.bytes());
  }

  private void end(Known to, MeterId meter, Instant now) {
    List<Told> open = book.open(meter, Kind.EVENT, now);
    int sequence = (int) SmartEnergyTime.seconds(now);
    if (open.isEmpty()) {
      // the office may have lost its book, not the meter its events
      say(to, Clusters.ENDPOINT, sequence, LoadEvent.CANCEL_ALL, LoadEvent.cancelAll());
    } else {
      long id = open.getLast().id(); // those before it were superseded
      book.became(meter, Kind.EVENT, id, ENDED, now);
      say(to, Clusters.ENDPOINT, sequence, LoadEvent.CANCEL, LoadEvent.cancel(id));
    }
  }

  private void say(Known to, int endpoint, int sequence, int command, byte[] payload) {
    voice.say(
        to,
        endpoint,
        Clusters.LOAD_CONTROL,
        new Zcl(true, true, sequence & 0xFF, command, payload));
  }

  @Override
  public boolean take(Known from, MeterId meter, Incoming frame, Zcl zcl) {
    if (zcl.fromServer()) {
      return false;
    }
    switch (zcl.command()) {
      case EventStatus.REPORT ->
          EventStatus.parse(zcl.payload())
              .ifPresentOrElse(
                  s -> book.became(meter, Kind.EVENT, s.event(), s.words(), s.at()),
                  () -> tally.count(Tally.What.MALFORMED));
      case EventStatus.GET_SCHEDULED -> scheduled(from, meter, frame.endpoint(), zcl);
      default -> tally.count(Tally.What.UNSUPPORTED);
    }
    return true;
  }

  /** Tells again what ends after the time that the meter states; 0 is now. */
  private void scheduled(Known from, MeterId meter, int endpoint, Zcl zcl) {
    if (zcl.payload().length != 5) {
      tally.count(Tally.What.MALFORMED);
      return;
    }
    long after = Zcl.number(zcl.payload(), 0, 4);
    Instant now = clock.instant();
    Instant later = after == 0 ? now : SmartEnergyTime.instant(after);
    // an event takes the place of the one before it, so that at most one is in force
    Optional<Told> last =
        book.last(meter, Kind.EVENT)
            .filter(t -> t.until().isAfter(later.isBefore(now) ? now : later))
            .filter(t -> !t.state().equals(ENDED) && !t.state().equals(EventStatus.CANCELLED));
    if (last.isEmpty()) {
      byte[] none = {(byte) zcl.command(), (byte) Zcl.NOT_FOUND};
      voice.say(
          from,
          endpoint,
          Clusters.LOAD_CONTROL,
          new Zcl(false, true, zcl.sequence(), Zcl.DEFAULT_RESPONSE, none));
    } else {
      Told told = last.get();
      LoadEvent event = new LoadEvent(told.id(), told.from(), told.minutes(), told.level());
      say(from, endpoint, zcl.sequence(), LoadEvent.EVENT, event.bytes());
    }
  }
}
