package org.gridwarden.message;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.gridwarden.core.ApduReader;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Billing;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.KeyAccess.KeySet;
import org.gridwarden.core.KeyAccess.Purpose;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.core.SignedDay;

/**
 * Takes secured messages that meters sent, whichever channel brings them: finds the meter and its
 * key, opens, reads, and hands to intake. Bounds before allocation, the key before the content.
 * Thread-safe.
 */
public final class OfficeInbox {
  private static final byte[] NO_KEY = {};
  private static final long UNCOUNTED = -1;

  private final Channel.Host host;
  private final Supplier<ChannelId> via;
  private final KeyCache inForce = new KeyCache(Direction.UP);
  private final KeyCache pending = new KeyCache(Direction.UP);

  public OfficeInbox(Channel.Host host, Supplier<ChannelId> via) {
    this.host = host;
    this.via = via;
  }

  /** What became of a message. */
  public sealed interface Taken {
    /**
     * Handed to intake.
     *
     * @param authentic whether the meter's key stood behind it; false for an unknown meter
     * @param outcome completes after the commit
     */
    record Submitted(MeterId meter, boolean authentic, CompletionStage<Outcome> outcome)
        implements Taken {}

    /**
     * An answer of the meter, for whoever asked it.
     *
     * @param signed a COSE_Sign1 message, not verified yet
     */
    @SuppressWarnings("ArrayRecordComponent") // made for the caller, who owns it
    record Answer(MeterId meter, byte[] signed) implements Taken {}
  }

  /**
   * Takes a message. Blocks while intake is full.
   *
   * @param bytes a COSE_Encrypt0 message, which the caller gives up
   * @param proven the meter that the transport has proven, which must be the message's (C22)
   * @param said the class that the transport names, which must be the message's
   * @throws MessageException where it is none, not genuine, or not taken
   */
  public Taken take(byte[] bytes, Optional<MeterId> proven, Optional<MessageClass> said)
      throws MessageException, InterruptedException {
    Secured secured = Secured.parse(bytes);
    Header header = secured.header();
    if (proven.isPresent() && !proven.get().equals(header.meter())) {
      throw new MessageException(
          MessageException.Kind.UNAUTHENTICATED,
          "a message of meter " + header.meter() + " came from meter " + proven.get());
    }
    if (said.isPresent() && said.get() != header.kind()) {
      throw MessageException.malformed(
          "a message of class " + header.kind() + " came as one of class " + said.get());
    }
    Optional<Meter> meter =
        host.meters().byId(header.meter()).filter(m -> m.state() != Meter.State.RETIRED);
    if (meter.isEmpty()) {
      MessageId id = new MessageId(header.meter(), NO_KEY, UNCOUNTED, sha256(bytes));
      return submit(header, id, Assurance.NONE, bytes, List.of());
    }
    byte[] opened = secured.open(keys(header));
    MessageId id =
        new MessageId(
            header.meter(),
            Purpose.MESSAGE.counterName(header.keyId()),
            header.counter(),
            sha256(bytes));
    return switch (Payload.read(header, opened)) {
      case Payload.Messages(List<Message> messages) ->
          submit(header, id, Assurance.MAC, bytes, messages);
      case Payload.Signed(byte[] signed) when header.kind() == MessageClass.CONTROL ->
          new Taken.Answer(header.meter(), signed);
      case Payload.Signed(byte[] signed) ->
          submit(header, id, Assurance.MAC, bytes, List.of(day(header, signed)));
      case Payload.Apdu(byte[] apdu) ->
          submit(header, id, Assurance.MAC, bytes, carried(header, meter.get(), apdu));
      case Payload.Dispatch _ -> throw MessageException.unsupported("a meter orders nothing");
    };
  }

  /** What a meter signed of a day: whether it did is for who has its public key. */
  private static Message day(Header header, byte[] signed) throws MessageException {
    if (signed.length == 0 || signed.length > SignedDay.MOST) {
      throw MessageException.malformed("a signed day has 1 to " + SignedDay.MOST + " bytes");
    }
    return new Billing(header.meter(), List.of(), List.of(new SignedDay(signed)));
  }

  /** Who reads DLMS, where anybody here does: looked for when the first APDU comes. */
  private static final class Apdus {
    static final Optional<ApduReader> READER = ServiceLoader.load(ApduReader.class).findFirst();
  }

  private List<Message> carried(Header header, Meter meter, byte[] apdu) throws MessageException {
    if (header.kind() == MessageClass.REQUEST) {
      throw MessageException.unsupported("a meter asks for nothing");
    }
    try {
      return Apdus.READER
          .orElseThrow(() -> MessageException.unsupported("nothing here reads DLMS"))
          .read(host, meter, apdu);
    } catch (ChannelException e) {
      throw new MessageException(
          e.fault().code() == Fault.Code.UNAUTHENTICATED
              ? MessageException.Kind.UNAUTHENTICATED
              : MessageException.Kind.MALFORMED,
          e.fault().where() + ": " + e.fault().remedy());
    }
  }

  private Taken submit(
      Header header, MessageId id, Assurance how, byte[] bytes, List<Message> content)
      throws InterruptedException {
    return new Taken.Submitted(
        header.meter(),
        how != Assurance.NONE,
        host.intake()
            .submit(new Received(id, via.get(), host.clock().instant(), how, bytes, content)));
  }

  /** The key in force, or the one that an order has carried to the meter, by its id. */
  private MessageKeys keys(Header header) throws MessageException {
    try {
      Optional<KeySet> set = host.keys().keys(header.meter(), Purpose.MESSAGE);
      if (set.isPresent() && Arrays.equals(set.get().keyId(), header.keyId())) {
        return inForce.keys(header.meter(), set.get(), header.algorithm());
      }
      Optional<KeySet> next = host.keys().pending(header.meter(), Purpose.MESSAGE);
      if (next.isPresent() && Arrays.equals(next.get().keyId(), header.keyId())) {
        return pending.keys(header.meter(), next.get(), header.algorithm());
      }
    } catch (IllegalArgumentException e) {
      throw new MessageException(
          MessageException.Kind.UNAUTHENTICATED, "meter " + header.meter() + ": " + e.getMessage());
    }
    throw new MessageException(
        MessageException.Kind.UNAUTHENTICATED,
        "meter " + header.meter() + " has no such key for messages");
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
