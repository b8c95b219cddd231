package org.gridwarden.channel.zigbee;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.gridwarden.channel.zigbee.ToldBook.Kind;
import org.gridwarden.channel.zigbee.ToldBook.Told;
import org.gridwarden.core.MeterId;
import org.gridwarden.message.listener.Tally;

/**
 * The office's side of Messaging: shows texts on displays and notes who confirmed them. A text
 * orders nothing, so that nobody signs it. Thread-safe.
 */
final class NoticeDesk implements ClusterDesk {
  private final ToldBook book;
  private final InstantSource clock;
  private final Voice voice;
  private final Tally tally;

  NoticeDesk(ToldBook book, InstantSource clock, Voice voice, Tally tally) {
    this.book = book;
    this.clock = clock;
    this.voice = voice;
    this.tally = tally;
  }

  /**
   * Shows a text, or ends the one that is shown.
   *
   * @param to the meter's device, where it is inside; a meter that is not asks once it is
   */
  void post(Notices.Posted posted, Optional<Known> to) {
    Instant now = clock.instant();
    Optional<Zcl> what =
        posted.text().isEmpty() ? end(posted.meter(), now) : Optional.of(show(posted, now));
    if (to.isPresent() && what.isPresent()) {
      voice.say(to.get(), Clusters.ENDPOINT, Clusters.MESSAGING, what.get());
    }
  }

  private Zcl show(Notices.Posted posted, Instant now) {
    Notice notice =
        new Notice(book.nextId(now), posted.control(), now, posted.minutes(), posted.text());
    book.add(
        new Told(
            posted.meter(),
            Kind.MESSAGE,
            notice.id(),
            now,
            notice.minutes(),
            notice.control(),
            "told",
            now,
            notice.text()));
    return display(notice, (int) notice.id() & 0xFF);
  }

  private static Zcl display(Notice notice, int sequence) {
    return new Zcl(true, true, sequence, Notice.DISPLAY, notice.bytes());
  }

  private Optional<Zcl> end(MeterId meter, Instant now) {
    List<Told> open = open(meter, now);
    if (open.isEmpty()) {
      return Optional.empty();
    }
    long id = open.getLast().id();
    book.became(meter, Kind.MESSAGE, id, "ended", now);
    int sequence = (int) SmartEnergyTime.seconds(now) & 0xFF;
    return Optional.of(new Zcl(true, true, sequence, Notice.CANCEL, Notice.cancel(id)));
  }

  private List<Told> open(MeterId meter, Instant now) {
    return book.open(meter, Kind.MESSAGE, now).stream()
        .filter(t -> !t.state().equals("ended"))
        .toList();
  }

  @Override
  public boolean take(Known from, MeterId meter, Incoming frame, Zcl zcl) {
    if (zcl.fromServer()) {
      return false;
    }
    byte[] payload = zcl.payload();
    switch (zcl.command()) {
      case Notice.GET_LAST ->
          voice.say(from, frame.endpoint(), Clusters.MESSAGING, last(meter, zcl));
      case Notice.CONFIRM -> {
        if (payload.length < 8) {
          tally.count(Tally.What.MALFORMED);
        } else {
          book.became(
              meter,
              Kind.MESSAGE,
              Zcl.number(payload, 0, 4),
              "confirmed",
              SmartEnergyTime.instant(Zcl.number(payload, 4, 4)));
        }
      }
      default -> tally.count(Tally.What.UNSUPPORTED);
    }
    return true;
  }

  private Zcl last(MeterId meter, Zcl asked) {
    List<Told> open = open(meter, clock.instant());
    if (open.isEmpty()) {
      byte[] none = {(byte) asked.command(), (byte) Zcl.NOT_FOUND};
      return new Zcl(false, true, asked.sequence(), Zcl.DEFAULT_RESPONSE, none);
    }
    Told told = open.getLast();
    return display(
        new Notice(told.id(), told.level(), told.from(), told.minutes(), told.text()),
        asked.sequence());
  }
}
