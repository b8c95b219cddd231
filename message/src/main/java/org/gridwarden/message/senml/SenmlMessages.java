package org.gridwarden.message.senml;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Control;
import org.gridwarden.core.EventId;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Reading;
import org.gridwarden.core.Request;
import org.gridwarden.core.Severity;
import org.gridwarden.core.Usage;
import org.gridwarden.core.Uuid7;
import org.gridwarden.core.Warning;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageException;

/**
 * Core's messages as packs and back, without loss but of what stands where a slot is missing.
 * Orders are no SenML: they go as what their operator signed. Pure functions.
 */
public final class SenmlMessages {
  private static final int UUID_BYTES = 16;

  private SenmlMessages() {}

  /**
   * A message as a pack.
   *
   * @throws IllegalArgumentException where it is none that a meter or the office says in SenML
   */
  public static List<SenmlRecord> write(Message message) {
    PackWriter out = new PackWriter();
    switch (message) {
      case Usage usage -> UsagePack.write(usage, out);
      case Billing billing -> billing.registers().forEach(r -> UsagePack.write(r, out));
      case Warning warning -> write(warning, out);
      case Request request -> write(request.plan(), out);
      case Control _ ->
          throw new IllegalArgumentException("an order goes as its operator signed it");
    }
    return out.pack();
  }

  /**
   * What a pack says.
   *
   * @param meter whose it is: what the pack says of itself must agree
   * @throws MessageException where it says nothing of that class
   */
  public static List<Message> read(MessageClass kind, MeterId meter, List<SenmlRecord> pack)
      throws MessageException {
    SenmlReader in = new SenmlReader(meter, pack);
    return switch (kind) {
      case USAGE -> List.of(UsagePack.read(meter, in));
      case BILLING -> {
        List<Reading> registers = new ArrayList<>();
        while (in.hasNext()) {
          registers.add(UsagePack.reading(in.next()));
        }
        yield List.of(new Billing(meter, registers));
      }
      case WARNING -> {
        List<Message> warnings = new ArrayList<>();
        while (in.hasNext()) {
          warnings.add(warning(meter, in.next()));
        }
        yield List.copyOf(warnings);
      }
      case REQUEST -> List.of(new Request(meter, plan(in)));
      case CONTROL -> throw MessageException.unsupported("an order is no SenML");
    };
  }

  private static void write(Warning warning, PackWriter out) {
    if (!SenmlReader.isName(warning.code())) {
      throw new IllegalArgumentException("'" + warning.code() + "' cannot stand as a name");
    }
    UUID id = warning.id().value();
    SenmlRecord record =
        out.at(warning.at())
            .with(SenmlField.NAME, warning.code())
            .with(SenmlField.STRING_VALUE, warning.text())
            .with(
                SenmlField.EVENT,
                ByteBuffer.allocate(UUID_BYTES)
                    .putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits())
                    .array())
            .with(SenmlField.SEVERITY, warning.severity().ordinal());
    switch (warning.source()) {
      case PUSHED -> {}
      case REGISTER -> record.with(SenmlField.SOURCE, "register");
      case LOGGED -> record.with(SenmlField.SOURCE, "logged");
      case OFFICE ->
          throw new IllegalArgumentException("what the office noticed is not told by a meter");
    }
  }

  private static Warning warning(MeterId meter, SenmlReader.Laid laid) throws MessageException {
    SenmlRecord record = laid.record();
    Optional<Decimal> severity = record.number(SenmlField.SEVERITY);
    String text = record.text(SenmlField.STRING_VALUE).orElse(laid.name());
    return new Warning(
        meter,
        event(meter, laid, text),
        laid.at(),
        laid.name(),
        severity.isPresent()
            ? Severity.values()[(int) severity.get().whole("a severity", 0, 3)]
            : Severity.ATTENTION,
        text,
        source(record));
  }

  private static Warning.Source source(SenmlRecord record) throws MessageException {
    return switch (record.text(SenmlField.SOURCE).orElse("")) {
      case "" -> Warning.Source.PUSHED;
      case "register" -> Warning.Source.REGISTER;
      case "logged" -> Warning.Source.LOGGED;
      default -> throw MessageException.malformed("an event's source is not known");
    };
  }

  /** As it says; one that names none is the same event whenever the same is told of it. */
  private static EventId event(MeterId meter, SenmlReader.Laid laid, String text)
      throws MessageException {
    Optional<byte[]> id = laid.record().data(SenmlField.EVENT);
    if (id.isEmpty()) {
      String told = meter + " " + laid.name() + " " + laid.at() + " " + text;
      return new EventId(Uuid7.named(laid.at(), told));
    }
    if (id.get().length != UUID_BYTES) {
      throw MessageException.malformed("an event's identity has 16 bytes");
    }
    ByteBuffer bits = ByteBuffer.wrap(id.get());
    return new EventId(new UUID(bits.getLong(), bits.getLong()));
  }

  private static void write(ReadPlan plan, PackWriter out) {
    boolean first = true;
    for (ObisCode channel : plan.channels()) {
      SenmlRecord record = first ? out.at(plan.from()) : out.bare();
      record.with(SenmlField.NAME, ObisNames.of(channel));
      if (first) {
        record.with(SenmlField.UNTIL, Decimal.of(plan.to()));
      }
      first = false;
    }
  }

  private static ReadPlan plan(SenmlReader in) throws MessageException {
    List<ObisCode> channels = new ArrayList<>();
    Optional<Instant> from = Optional.empty();
    Optional<Instant> to = Optional.empty();
    while (in.hasNext()) {
      SenmlReader.Laid laid = in.next();
      channels.add(ObisNames.parse(laid.name()));
      Optional<Decimal> until = laid.record().number(SenmlField.UNTIL);
      if (from.isEmpty() && until.isPresent()) {
        from = Optional.of(laid.at());
        to = Optional.of(SenmlReader.bounded(until.get().instant()));
      } else if (until.isPresent() || from.isEmpty() || !laid.at().equals(from.get())) {
        throw MessageException.malformed("a question has one span of time, in its first record");
      }
    }
    return new ReadPlan(
        channels,
        from.orElseThrow(() -> MessageException.malformed("a question says from when on")),
        to.orElseThrow(() -> MessageException.malformed("a question says until when")));
  }
}
