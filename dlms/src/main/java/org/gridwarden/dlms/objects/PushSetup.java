package org.gridwarden.dlms.objects;

import java.time.Instant;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * Push setup (class 40, versions 0, 1 and 2, IEC 62056-6-2 clause 4.4.8): what is sent, whereto,
 * when, and how often it is tried. The methods push (1) and, in version 2, reset (2).
 *
 * <p>A push waits for a communication window where there are any, then for a random part of the
 * randomisation interval; where neither makes it wait it goes out at once. The values are read when
 * it goes out. A failed or unconfirmed one is tried again after the repetition delay, as often as
 * number_of_retries says; a push while another waits is that one. push_protection_parameters are
 * kept for the {@link Sender}, who protects.
 *
 * <p>Thread-safe: one lock guards the settings and what waits; values are read and the sender is
 * called without it.
 */
public final class PushSetup extends InterfaceObject implements Timed {
  /** What has become of a notification that was handed over. */
  public enum Sent {
    /** On its way, and that is all that is asked. */
    DONE,
    /** On its way; it is tried again unless {@link PushSetup#confirmed} comes. */
    UNCONFIRMED,
    FAILED
  }

  /** Sends notifications; does not wait for the other side. */
  public interface Sender {
    Sent send(Destination destination, Apdu.DataNotification notification);
  }

  /**
   * Whereto: send_destination_and_method.
   *
   * @param service 0 TCP, 1 UDP, 2 FTP, 3 SMTP, 4 SMS, 5 HDLC, 6 M-Bus, 7 ZigBee, 8 DLMS gateway,
   *     200 to 255 the manufacturer's
   * @param address as the service writes it, such as {@code 192.0.2.1:4059}
   * @param message 0 an A-XDR APDU, 1 an XML one, 128 to 255 the manufacturer's
   */
  public record Destination(int service, DlmsData.OctetString address, int message) {
    private static Destination of(DlmsData data) throws Refusal {
      DlmsData.Structure s = Values.structure(data, 3);
      int service = Values.enumerated(s.get(0), 0, 255);
      int message = Values.enumerated(s.get(2), 0, 255);
      if ((service > 8 && service < 200) || (message > 1 && message < 128)) {
        throw Refusal.value();
      }
      return new Destination(service, Values.octets(s.get(1), 255), message);
    }

    private DlmsData data() {
      return DlmsData.Structure.of(
          new DlmsData.Enumerated(service), address, new DlmsData.Enumerated(message));
    }
  }

  private static final int MOST = 100;
  private static final int INVOKE_IDS = 1 << 24;
  private static final long CONFIRMED_SERVICE = 1L << 30;
  // push_operation_method, version 2
  private static final int RETRY_ON_FAILURE = 0;
  private static final int CONFIRMED = 2;

  private static final InterfaceClass<PushSetup> VERSION_0 =
      common(new InterfaceClass<>(40, 0, 7, 1));
  private static final InterfaceClass<PushSetup> VERSION_1 =
      guarded(common(new InterfaceClass<>(40, 1, 10, 1)));
  private static final InterfaceClass<PushSetup> VERSION_2 =
      guarded(common(new InterfaceClass<>(40, 2, 13, 2)))
          .attribute(
              11,
              p -> new DlmsData.Enumerated(p.method),
              (p, v) -> p.method = Values.enumerated(v, RETRY_ON_FAILURE, CONFIRMED))
          .attribute(12, p -> p.confirmation.data(), (p, v) -> p.confirmation = Confirmation.of(v))
          .attribute(13, p -> new DlmsData.DateTime(p.lastConfirmation))
          .plainMethod(2, PushSetup::reset);

  private static InterfaceClass<PushSetup> common(InterfaceClass<PushSetup> type) {
    return type.attribute(
            2,
            p -> DlmsData.Array.of(p.objects.stream().map(o -> o.data(p.fields())).toList()),
            (p, v) -> p.objects(v))
        .attribute(3, p -> p.destination.data(), (p, v) -> p.destination = Destination.of(v))
        .attribute(
            4,
            p -> DlmsData.Array.of(p.windows.stream().map(PushWindow::data).toList()),
            (p, v) -> p.windows(v))
        .attribute(
            5,
            p -> new DlmsData.LongUnsigned(p.randomisation),
            (p, v) -> p.randomisation = Values.longUnsigned(v))
        .attribute(
            6, p -> new DlmsData.Unsigned8(p.retries), (p, v) -> p.retries = Values.unsigned8(v))
        .attribute(
            7,
            p -> p.delay.data(p.version()),
            (p, v) -> p.delay = RepetitionDelay.of(v, p.version()))
        .plainMethod(1, PushSetup::push);
  }

  /** What version 1 added. */
  private static InterfaceClass<PushSetup> guarded(InterfaceClass<PushSetup> type) {
    return type.attribute(
            8, p -> DlmsData.OctetString.of(p.port), (p, v) -> p.port = Values.obis(v))
        .attribute(9, p -> new DlmsData.Integer8(p.client), (p, v) -> p.client = Values.integer8(v))
        .attribute(10, p -> p.protection, (p, v) -> p.protection = protection(v));
  }

  /**
   * How long until the next try: min x (exponent / 100)^(n - 1) before the nth retry, at most max;
   * versions 0 and 1 only have min.
   */
  private record RepetitionDelay(int min, int exponent, int max) {
    static RepetitionDelay of(DlmsData data, int version) throws Refusal {
      if (version < 2) {
        return new RepetitionDelay(Values.longUnsigned(data), 100, 0xFFFF);
      }
      DlmsData.Structure s = Values.structure(data, 3);
      RepetitionDelay delay =
          new RepetitionDelay(
              Values.longUnsigned(s.get(0)),
              Values.longUnsigned(s.get(1)),
              Values.longUnsigned(s.get(2)));
      if (delay.max < delay.min) {
        throw Refusal.value();
      }
      return delay;
    }

    DlmsData data(int version) {
      return version < 2
          ? new DlmsData.LongUnsigned(min)
          : DlmsData.Structure.of(
              new DlmsData.LongUnsigned(min),
              new DlmsData.LongUnsigned(exponent),
              new DlmsData.LongUnsigned(max));
    }

    long seconds(int retry) {
      return (long) Math.min(max, min * Math.pow(exponent / 100.0, retry - 1.0));
    }
  }

  /** confirmation_parameters: kept for whoever confirms. */
  private record Confirmation(CosemDateTime start, long interval) {
    static Confirmation of(DlmsData data) throws Refusal {
      DlmsData.Structure s = Values.structure(data, 2);
      return new Confirmation(Values.dateTime(s.get(0)), Values.doubleLongUnsigned(s.get(1)));
    }

    DlmsData data() {
      return DlmsData.Structure.of(
          new DlmsData.DateTime(start), new DlmsData.DoubleLongUnsigned(interval));
    }
  }

  /**
   * A push that has not gone through.
   *
   * @param at when it is tried
   * @param tried how often it was
   * @param invokeId of the last try
   */
  private record Waiting(Instant at, int tried, long invokeId) {}

  private final Clock clock;
  private final DeviceObjects device;
  private final Sender sender;
  private final RandomGenerator random;
  private volatile List<RestrictedObject> objects;
  private volatile Destination destination;
  private volatile List<PushWindow> windows = List.of();
  private volatile int randomisation;
  private volatile int retries;
  private volatile RepetitionDelay delay = new RepetitionDelay(60, 100, 0xFFFF);
  private volatile ObisCode port = new ObisCode(0);
  private volatile int client;
  private volatile DlmsData protection = DlmsData.Array.of();
  private volatile int method;
  private volatile Confirmation confirmation = new Confirmation(CosemDateTime.UNSPECIFIED, 0);
  private volatile CosemDateTime lastConfirmation = CosemDateTime.UNSPECIFIED;
  private volatile Optional<Waiting> waiting = Optional.empty();
  private int invokeId;

  /**
   * Pushes at once and once, until a client sets it otherwise.
   *
   * @param version 0, 1 or 2
   * @param random for the randomisation interval
   */
  public PushSetup(
      ObisCode logicalName,
      int version,
      Clock clock,
      DeviceObjects device,
      List<RestrictedObject> objects,
      Destination destination,
      Sender sender,
      RandomGenerator random) {
    super(
        switch (version) {
          case 0 -> VERSION_0;
          case 1 -> VERSION_1;
          case 2 -> VERSION_2;
          default -> throw new IllegalArgumentException("Push setup has no version " + version);
        },
        logicalName);
    this.clock = clock;
    this.device = device;
    this.objects = List.copyOf(objects);
    this.destination = destination;
    this.sender = sender;
    this.random = random;
  }

  private int version() {
    return identity().version();
  }

  /** Of an element of push_object_list. */
  private int fields() {
    return 4 + version();
  }

  private void objects(DlmsData value) throws Refusal {
    List<RestrictedObject> list = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      list.add(RestrictedObject.of(element, fields()));
    }
    objects = List.copyOf(list);
  }

  private void windows(DlmsData value) throws Refusal {
    List<PushWindow> list = new ArrayList<>();
    for (DlmsData element : Values.array(value, MOST)) {
      list.add(PushWindow.of(element));
    }
    windows = List.copyOf(list);
  }

  /** push_protection_parameters: type and parameters of each layer, kept as they are. */
  private static DlmsData protection(DlmsData value) throws Refusal {
    for (DlmsData element : Values.array(value, MOST)) {
      DlmsData.Structure layer = Values.structure(element, 2);
      Values.enumerated(layer.get(0), 0, 255);
      Values.structure(layer.get(1), 5);
    }
    return Values.own(value);
  }

  // --- pushing

  /**
   * As the method push.
   *
   * @throws Refusal where no communication window will open
   */
  public void push() throws Refusal {
    Instant now = clock.instant();
    synchronized (this) {
      if (waiting.isPresent()) {
        return;
      }
      Instant at = open(now).orElseThrow(Refusal::value);
      int most = randomisation;
      waiting = Optional.of(new Waiting(at.plusSeconds(random.nextInt(most + 1)), 0, -1));
    }
    tick(now);
  }

  /** The first moment from one on at which a window is open; empty for never. */
  private Optional<Instant> open(Instant from) {
    List<PushWindow> all = windows;
    ZoneRules rules = clock.rules();
    return all.isEmpty() || all.stream().anyMatch(w -> w.isOpen(from, rules))
        ? Optional.of(from)
        : all.stream().flatMap(w -> w.opens(from, rules).stream()).min(Comparator.naturalOrder());
  }

  private Apdu.DataNotification notification(long invoke, Instant now) {
    List<DlmsData> values = new ArrayList<>();
    objects.forEach(object -> values.add(object.read(device)));
    return new Apdu.DataNotification(
        method == CONFIRMED ? invoke | CONFIRMED_SERVICE : invoke,
        Optional.of(clock.time(now)),
        DlmsData.Structure.of(values));
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return waiting.map(Waiting::at).map(at -> at.isAfter(after) ? at : after.plusSeconds(1));
  }

  @Override
  public void tick(Instant now) {
    int tries;
    long invoke;
    synchronized (this) {
      if (waiting.filter(w -> !w.at.isAfter(now)).isEmpty()) {
        return;
      }
      tries = waiting.get().tried + 1;
      if (tries > retries + 1) {
        waiting = Optional.empty(); // the last try was not confirmed in time
        return;
      }
      Optional<Instant> open = open(now);
      if (!open.equals(Optional.of(now))) {
        waiting = open.map(at -> new Waiting(at, tries - 1, -1));
        return;
      }
      invokeId = (invokeId + 1) % INVOKE_IDS;
      invoke = invokeId;
      // before it is sent, so that a confirmation on another thread finds it
      waiting = Optional.of(new Waiting(now.plusSeconds(delay.seconds(tries)), tries, invoke));
    }
    Sent sent = sender.send(destination, notification(invoke, now));
    boolean done = sent == Sent.DONE || (sent == Sent.UNCONFIRMED && method == RETRY_ON_FAILURE);
    boolean over = done || (sent == Sent.FAILED && tries > retries);
    synchronized (this) {
      if (over && waiting.filter(w -> w.invokeId == invoke).isPresent()) {
        waiting = Optional.empty();
      }
    }
  }

  /** The other side has confirmed a notification, by its invoke-id. */
  public synchronized void confirmed(long invoke) {
    if (waiting.filter(w -> w.invokeId == (invoke & (INVOKE_IDS - 1))).isPresent()) {
      waiting = Optional.empty();
      lastConfirmation = clock.time(clock.instant());
    }
  }

  /** As the method reset: nothing waits, nothing was confirmed. */
  public synchronized void reset() {
    waiting = Optional.empty();
    lastConfirmation = CosemDateTime.UNSPECIFIED;
  }
}
