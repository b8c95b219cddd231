package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Spliterators;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.gridwarden.core.Action;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ClockReading;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Configuration;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Image;
import org.gridwarden.core.ImageProgress;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterAccess;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.Received;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.Usage;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.BufferReader;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Push;
import org.gridwarden.dlms.PushValue;
import org.gridwarden.dlms.Role;
import org.gridwarden.dlms.Scaling;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.companion.ClockObject;
import org.gridwarden.dlms.companion.Companion;
import org.gridwarden.dlms.companion.EventLog;
import org.gridwarden.dlms.companion.LoadProfile;

/**
 * A conversation with a meter that is read: an association, what its companion profile says is
 * there, and intake, through which goes all that is read. One thread at a time.
 */
final class ReadSession implements MeterSession {
  private static final int CLOCK = 8;
  private static final int TIME = 2;
  private static final int SHIFT_TIME = 6;
  private static final int MOST_SHIFT = 900;

  private static final int MOST_VERSION = 64;

  /** A clock so little off was set. */
  private static final Duration RIGHT = Duration.ofSeconds(5);

  private static final byte[] NO_KEY_ID = {};
  private static final long UNCOUNTED = -1;

  /** So many rows of a profile are asked for at once: two days of quarter-hours. */
  private static final int ROWS = 192;

  private final Reader reader;
  private final Meter meter;
  private final Companion companion;
  private final Association association;
  private final RecordingLink link;
  private final Questions questions;
  private final CommandCalls commands;
  private final byte[] keyId;
  private final Deadline deadline;
  private final Runnable ended;

  /**
   * @param keyId the key that all is under; empty where under none
   * @param ended told once, when the session is closed
   * @param dial a second way to the meter, as another client
   */
  ReadSession(
      Reader reader,
      Reader.Known known,
      Association association,
      RecordingLink link,
      byte[] keyId,
      Deadline deadline,
      Runnable ended,
      Optional<Reader.Dial> dial) {
    this.reader = reader;
    this.meter = known.meter();
    this.companion = known.companion();
    this.association = association;
    this.link = link;
    this.questions = new Questions(association, meter, reader.common().traits());
    this.commands = new CommandCalls(reader, known, association, dial);
    this.keyId = keyId.clone();
    this.deadline = deadline;
    this.ended = ended;
  }

  @Override
  public Assurance assurance() {
    return keyId.length > 0 ? Assurance.MAC : Assurance.NONE;
  }

  /** A part of a plan: what goes through intake at once. */
  private interface Part {
    List<Message> read()
        throws IOException,
            DlmsException,
            AssociationRefused,
            ChannelException,
            InterruptedException;
  }

  @Override
  public Stream<Message> read(ReadPlan plan) {
    List<ObisCode> registers = new ArrayList<>();
    List<Part> parts = new ArrayList<>();
    for (ObisCode object : plan.channels()) {
      Optional<LoadProfile> profile = companion.profile(object);
      Optional<EventLog> log = companion.log(object);
      if (profile.isPresent()) {
        parts.add(() -> profile(profile.get(), plan.from(), plan.to()));
      } else if (log.isPresent()) {
        LoadProfile rows = Questions.log(companion, log.get());
        parts.add(() -> rows(rows, questions.table(rows), plan.from(), plan.to()));
      } else {
        registers.add(object);
      }
    }
    if (!registers.isEmpty()) {
      parts.addFirst(() -> registers(registers));
    }
    return StreamSupport.stream(new Parts(parts.iterator()), false).flatMap(List::stream);
  }

  /** Reads a part when the stream comes to it. */
  private final class Parts extends Spliterators.AbstractSpliterator<List<Message>> {
    private final Iterator<Part> parts;

    Parts(Iterator<Part> parts) {
      super(Long.MAX_VALUE, ORDERED | NONNULL);
      this.parts = parts;
    }

    @Override
    public boolean tryAdvance(Consumer<? super List<Message>> action) {
      if (!parts.hasNext()) {
        return false;
      }
      try {
        action.accept(guarded(parts.next()::read));
        return true;
      } catch (ChannelException e) {
        throw new Broken(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Broken(
            new ChannelException(
                new Fault(Fault.Code.BUSY, "meter " + meter.id(), "the reading was given up"), e));
      }
    }
  }

  private <T> T guarded(Faults.Work<T> work) throws ChannelException, InterruptedException {
    return Faults.guarded("meter " + meter.id(), work);
  }

  // --- registers

  private List<Message> registers(List<ObisCode> objects)
      throws IOException,
          DlmsException,
          AssociationRefused,
          ChannelException,
          InterruptedException {
    Map<ObisCode, Scaling> scalings = questions.scalings(objects);
    List<AttributeRef> wanted = new ArrayList<>();
    wanted.add(new AttributeRef(CLOCK, companion.clock().object(), TIME));
    objects.forEach(object -> wanted.add(Questions.register(object, 2)));
    link.begin();
    List<Optional<DlmsData>> answers = questions.get(wanted);
    CosemDateTime clock = answers.get(0).map(ReadSession::time).orElse(CosemDateTime.UNSPECIFIED);
    List<PushValue> values = new ArrayList<>();
    for (int i = 0; i < objects.size(); i++) {
      ObisCode object = objects.get(i);
      if (answers.get(i + 1).isPresent()) {
        values.add(
            new PushValue(
                object,
                2,
                answers.get(i + 1).get(),
                scalings.getOrDefault(object, Scaling.NONE),
                companion.meanings().role(object),
                clock,
                -1,
                -1));
      }
    }
    return store(clock, values, companion.meanings().interval());
  }

  private static CosemDateTime time(DlmsData data) {
    return switch (data) {
      case DlmsData.OctetString s when s.length() == 12 -> CosemDateTime.of(s.bytes(), 0);
      case DlmsData.DateTime t -> t.value();
      default -> CosemDateTime.UNSPECIFIED;
    };
  }

  // --- profiles

  private List<Message> profile(LoadProfile profile, Instant from, Instant to)
      throws IOException,
          DlmsException,
          AssociationRefused,
          ChannelException,
          InterruptedException {
    Traits.Table table = questions.table(profile);
    // a register's capture at the beginning is what the first slot's difference begins with
    boolean begins =
        table.columns().stream()
            .anyMatch(c -> companion.meanings().role(c.object()) == Role.CUMULATIVE);
    Instant first = begins || !table.isInterval() ? from : from.plus(table.period());
    return rows(profile, table, first, to);
  }

  /** Rows whose clock is in a range, both ends included, so many at a time. */
  private List<Message> rows(LoadProfile profile, Traits.Table table, Instant from, Instant to)
      throws IOException,
          DlmsException,
          AssociationRefused,
          ChannelException,
          InterruptedException {
    List<Message> messages = new ArrayList<>();
    Duration step = table.isInterval() ? table.period().multipliedBy(ROWS) : Duration.ofDays(3_660);
    for (Instant begin = from; !begin.isAfter(to); begin = begin.plus(step)) {
      Instant end = begin.plus(step).minusSeconds(1);
      messages.addAll(some(profile, table, begin, end.isAfter(to) ? to : end));
    }
    return messages;
  }

  private List<Message> some(LoadProfile profile, Traits.Table table, Instant from, Instant to)
      throws IOException,
          DlmsException,
          AssociationRefused,
          ChannelException,
          InterruptedException {
    link.begin();
    org.gridwarden.dlms.Outcome outcome =
        association.get(
            new AttributeRef(7, profile.object(), 2),
            Selection.range(
                CosemDateTime.of(from, meter.zone()), CosemDateTime.of(to, meter.zone())));
    if (outcome instanceof org.gridwarden.dlms.Outcome.Refused(AccessResult why)) {
      throw new ChannelException(
          new Fault(
              Fault.Code.FORBIDDEN,
              "meter " + meter.id() + ", " + profile.object(),
              "the meter does not give it: " + why));
    }
    DlmsData buffer = ((org.gridwarden.dlms.Outcome.Value) outcome).data();
    Duration interval = table.isInterval() ? table.period() : companion.meanings().interval();
    List<PushValue> rows =
        BufferReader.rows(table.columns(), companion.meanings().withInterval(interval), buffer);
    if (rows.isEmpty()) {
      return List.of();
    }
    boolean apart = !table.isInterval();
    List<PushValue> values = apart ? rows.stream().map(ReadSession::single).toList() : rows;
    return store(CosemDateTime.UNSPECIFIED, values, interval);
  }

  /** A day's or a month's register is a reading of its own, and no end of an interval. */
  private static PushValue single(PushValue row) {
    return row.role() == Role.EVENT
        ? row
        : new PushValue(
            row.obis(),
            row.attribute(),
            row.raw(),
            row.scaling(),
            row.role(),
            row.at(),
            row.status(),
            -1);
  }

  // --- intake

  private List<Message> store(CosemDateTime clock, List<PushValue> values, Duration interval)
      throws IOException, ChannelException, InterruptedException {
    byte[] raw = link.kept();
    byte[] digest = sha256(raw);
    Instant now = reader.host().clock().instant();
    List<Message> content =
        new PushContent(
                meter,
                companion.meanings().withInterval(interval),
                new Push("read", clock, -1, values),
                EventWords.named(companion.vocabulary()),
                assurance(),
                now,
                Optional.empty(),
                digest)
            .messages().stream()
                .filter(message -> !(message instanceof Usage usage && isEmpty(usage)))
                .toList();
    if (content.isEmpty()) {
      return content;
    }
    boolean counted = keyId.length > 0;
    MessageId id =
        new MessageId(
            meter.id(), counted ? keyId : NO_KEY_ID, counted ? link.counter() : UNCOUNTED, digest);
    settle(
        reader
            .host()
            .intake()
            .submit(new Received(id, reader.via().get(), now, assurance(), raw, content)));
    return content;
  }

  private static boolean isEmpty(Usage usage) {
    return usage.momentary().isEmpty()
        && usage.slots().isEmpty()
        && usage.blocks().isEmpty()
        && usage.captures().isEmpty();
  }

  private void settle(CompletionStage<Outcome> stored)
      throws IOException, ChannelException, InterruptedException {
    Outcome outcome;
    try {
      long left = Math.max(1, deadline.left().toNanos());
      outcome = stored.toCompletableFuture().get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new SocketTimeoutException("what was read is not stored in time");
    } catch (ExecutionException e) {
      throw new ChannelException(
          new Fault(Fault.Code.INTERNAL, "intake", "what was read could not be stored"), e);
    }
    switch (outcome) {
      case Outcome.Stored _, Outcome.Duplicate _ -> {}
      case Outcome.Waiting _ ->
          throw new ChannelException(
              new Fault(
                  Fault.Code.UNKNOWN_METER, "meter " + meter.id(), "it is no longer registered"));
      case Outcome.Refused(Fault fault) -> throw new ChannelException(fault);
    }
  }

  // --- the clock

  @Override
  public ClockReading clock() throws ChannelException, InterruptedException {
    return guarded(() -> {
      Instant before = reader.host().clock().instant();
      long begun = System.nanoTime();
      Optional<DlmsData> answer =
          Questions.value(
              association.get(new AttributeRef(CLOCK, companion.clock().object(), TIME)));
      Duration half = Duration.ofNanos((System.nanoTime() - begun) / 2);
      CosemDateTime time = answer.map(ReadSession::time).orElse(CosemDateTime.UNSPECIFIED);
      Instant shown =
          companion
              .meanings()
              .instant(time, meter.zone())
              .orElseThrow(() ->
                  new ChannelException(
                      new Fault(
                          Fault.Code.MALFORMED,
                          "meter " + meter.id() + ", clock",
                          "it names no time")));
      return new ClockReading(shown, before.plus(half), half, time.clockDoubtful());
    });
  }

  @Override
  public void shiftClock(Duration by) throws ChannelException, InterruptedException {
    long seconds = by.toSeconds();
    if (seconds == 0 || Math.abs(seconds) > MOST_SHIFT) {
      throw new IllegalArgumentException("a clock is shifted by 1 to 900 s, not " + by);
    }
    if (keyId.length == 0) {
      throw new ChannelException(
          new Fault(
              Fault.Code.FORBIDDEN,
              "meter " + meter.id() + ", clock",
              "a clock is set under the meter's keys only"));
    }
    AccessResult result = guarded(() -> shift(seconds));
    if (!result.isSuccess()) {
      throw new ChannelException(
          new Fault(
              Fault.Code.FORBIDDEN,
              "meter " + meter.id() + ", clock",
              "the meter does not let it be set: " + result));
    }
  }

  private AccessResult shift(long seconds) throws IOException, DlmsException, AssociationRefused {
    ClockObject clock = companion.clock();
    if (clock.correction() == ClockObject.Correction.SHIFT) {
      return association
          .action(
              new MethodRef(CLOCK, clock.object(), SHIFT_TIME),
              Optional.of(new DlmsData.Long16((int) seconds)))
          .result();
    }
    AttributeRef time = new AttributeRef(CLOCK, clock.object(), TIME);
    Optional<Instant> shown =
        Questions.value(association.get(time))
            .flatMap(data -> companion.meanings().instant(time(data), meter.zone()));
    return shown.isEmpty()
        ? AccessResult.OTHER_REASON
        : association.set(
            time,
            DlmsData.OctetString.of(
                CosemDateTime.of(shown.get().plusSeconds(seconds), meter.zone())));
  }

  // --- the rest

  @Override
  public Receipt send(SignedCommand command) throws ChannelException, InterruptedException {
    return guarded(() -> commands.send(command, keyId.length > 0));
  }

  @Override
  public Optional<CommandState> look(Action action) throws ChannelException, InterruptedException {
    if (action instanceof Action.SetClock) {
      return clock().off().abs().compareTo(RIGHT) <= 0
          ? Optional.of(CommandState.CONFIRMED)
          : Optional.empty();
    }
    return guarded(() -> commands.look(action));
  }

  @Override
  public boolean remembersCommands() {
    return commands.hasDesk();
  }

  @Override
  public ImageProgress carry(
      Image image, Optional<ImageProgress> before, Duration stint, Consumer<ImageProgress> told)
      throws ChannelException, InterruptedException {
    if (keyId.length == 0 || !commands.hasDesk()) {
      throw Reader.fault(
          Fault.Code.FORBIDDEN,
          meter.id(),
          "it has no desk that could order what is carried; nothing was sent");
    }
    int rate = reader.common().limits().imageRate();
    return guarded(() ->
        new ImageCalls(association, meter.id(), rate, link::begin)
            .carry(image, before, stint, told));
  }

  @Override
  public Optional<String> firmware() throws ChannelException, InterruptedException {
    Optional<DlmsData> answer =
        guarded(
            () -> Questions.value(association.get(new AttributeRef(1, companion.firmware(), 2))));
    return answer.flatMap(data ->
        switch (data) {
          case DlmsData.VisibleString text -> Optional.of(text.value());
          case DlmsData.Utf8String text -> Optional.of(text.value());
          case DlmsData.OctetString octets when octets.length() <= MOST_VERSION ->
              Optional.of(new String(octets.bytes(), StandardCharsets.ISO_8859_1));
          default -> Optional.empty();
        });
  }

  @Override
  public Optional<Configuration> configuration() throws ChannelException, InterruptedException {
    if (companion.configuration().isEmpty() && companion.calibration().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Configuration(
            attributes(companion.configuration()),
            attributes(companion.calibration()),
            firmware()));
  }

  /** A value that the meter refuses is an empty one: that it began to refuse is a change, too. */
  private Map<String, byte[]> attributes(List<AttributeRef> wanted)
      throws ChannelException, InterruptedException {
    List<Optional<DlmsData>> answers = guarded(() -> questions.get(wanted));
    Map<String, byte[]> values = new HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      AttributeRef name = wanted.get(i);
      values.put(
          name.instance() + ":" + name.classId() + ":" + name.attribute(),
          answers.get(i).map(Axdr::encode).orElse(new byte[0]));
    }
    return answers.stream().allMatch(Optional::isEmpty) ? Map.of() : values;
  }

  @Override
  public Optional<MeterAccess> access() throws ChannelException, InterruptedException {
    return companion.associations().isEmpty()
        ? Optional.empty()
        : guarded(() -> AccessReading.of(companion.associations(), questions));
  }

  @Override
  public OptionalLong trusts() throws ChannelException, InterruptedException {
    return keyId.length > 0 && commands.hasDesk()
        ? guarded(commands::trusts)
        : OptionalLong.empty();
  }

  @Override
  public void trust(byte[] signed) throws ChannelException, InterruptedException {
    AccessResult result = guarded(() -> commands.trust(signed));
    if (!result.isSuccess()) {
      throw Reader.fault(
          Fault.Code.FORBIDDEN,
          meter.id(),
          "it does not take the trust list ("
              + result
              + "): its root did not sign it, or it has one as new");
    }
  }

  @Override
  public void close() throws ChannelException {
    try (association) {
      ended.run();
    } catch (IOException e) {
      // what was read stands, and the meter closes an association that is silent
    }
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
