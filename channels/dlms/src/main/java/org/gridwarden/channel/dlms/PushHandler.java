package org.gridwarden.channel.dlms;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Message;
import org.gridwarden.core.MessageId;
import org.gridwarden.core.Meter;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Received;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.LinkDecoder;
import org.gridwarden.dlms.LinkEvent;
import org.gridwarden.dlms.LinkInfo;
import org.gridwarden.dlms.MeterProfile;
import org.gridwarden.dlms.Push;
import org.gridwarden.dlms.PushLayouts;
import org.gridwarden.dlms.SecurityControl;

/**
 * What happens to an APDU that came in: decode, find the meter, open, read, hand to intake, and
 * confirm once it is stored. No thread waits for the commit. Thread-safe.
 */
final class PushHandler {
  private static final byte[] NO_KEY_ID = {};
  private static final long UNCOUNTED = -1;
  private static final int TITLE = 8;

  private final Channel.Host host;
  private final Supplier<ChannelId> via;
  private final PushLayouts layouts;
  private final DlmsSettings.Limits limits;
  private final Tally tally;
  private final OfficeSender sender;

  PushHandler(
      Channel.Host host,
      Supplier<ChannelId> via,
      PushLayouts layouts,
      DlmsSettings.Limits limits,
      OfficeSender sender,
      Tally tally) {
    this.host = host;
    this.via = via;
    this.layouts = layouts;
    this.limits = limits;
    this.tally = tally;
    this.sender = sender;
  }

  /** What stands behind a push, once its meter is known. */
  private record Origin(
      Meter meter, MessageId id, Assurance how, Optional<KeyAccess.KeySet> keys, int control) {}

  /** An APDU is refused; the words are for the log. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;
    private final Tally.What what;

    Refusal(Tally.What what, String why) {
      super(why, null, false, false);
      this.what = what;
    }
  }

  /** Takes all that a link's bytes have given so far; what is wrong with them is counted. */
  void takeAll(LinkDecoder decoder, Optional<String> meter, Peer peer) throws InterruptedException {
    for (Optional<LinkEvent> e = decoder.next(); e.isPresent(); e = decoder.next()) {
      switch (e.get()) {
        case LinkEvent.Pdu(LinkInfo link, byte[] apdu, long _) -> take(link, apdu, meter, peer);
        case LinkEvent.Bad bad ->
            tally.fault(
                Tally.What.LINK_FAULT, peer.name(), "byte " + bad.offset() + ": " + bad.what());
      }
    }
  }

  /**
   * Takes an APDU. Blocks while intake or the peer's own allowance is full.
   *
   * @param lineMeter the meter that the configuration puts at the end of a serial line
   * @return whether it was authentic, or handed to intake at least
   */
  boolean take(LinkInfo link, byte[] apdu, Optional<String> lineMeter, Peer peer)
      throws InterruptedException {
    try {
      Apdu outer = Apdus.decode(apdu);
      byte[] digest = sha256(apdu);
      if (outer instanceof Apdu.Ciphered ciphered) {
        return ciphered(link, apdu, digest, ciphered, peer);
      }
      return plain(link, apdu, digest, outer, lineMeter, peer);
    } catch (DlmsException e) {
      tally.fault(kind(e), peer.name(), e.describe());
    } catch (Refusal e) {
      tally.fault(e.what, peer.name(), String.valueOf(e.getMessage()));
    }
    return false;
  }

  private static Tally.What kind(DlmsException e) {
    return switch (e.kind()) {
      case MALFORMED -> Tally.What.MALFORMED;
      case UNSUPPORTED -> Tally.What.UNSUPPORTED;
      case UNAUTHENTICATED -> Tally.What.UNAUTHENTICATED;
      case NO_KEY -> Tally.What.NO_KEY;
    };
  }

  private boolean ciphered(
      LinkInfo link, byte[] apdu, byte[] digest, Apdu.Ciphered ciphered, Peer peer)
      throws DlmsException, Refusal, InterruptedException {
    SecurityControl control = ciphered.control();
    if (ciphered.dedicated() || ciphered.systemTitle().length != TITLE) {
      throw new Refusal(
          Tally.What.UNSUPPORTED, "a push that names no system title, or is under a session's key");
    }
    if (control.broadcast()) {
      // every meter of the group has that key: it proves no one's identity
      throw new Refusal(Tally.What.UNAUTHENTICATED, "a push under the broadcast key");
    }
    String title = HexFormat.of().withUpperCase().formatHex(ciphered.systemTitle());
    if (peer.shown().isPresent() && !peer.shown().get().speaksForTitle(ciphered.systemTitle())) {
      throw another(peer, "system title " + title);
    }
    Optional<Meter> found = host.meters().bySystemTitle(ciphered.systemTitle());
    if (found.isEmpty() || found.get().state() == Meter.State.RETIRED) {
      tally.count(Tally.What.UNKNOWN_METER);
      MessageId id = new MessageId(new MeterId(title), NO_KEY_ID, UNCOUNTED, digest);
      submit(link, apdu, id, Assurance.NONE, List.of(), peer, Optional.empty());
      return false;
    }
    Meter meter = found.get();
    fits(peer, meter, control.authenticated());
    KeyAccess.KeySet set =
        host.keys()
            .keys(meter.id(), KeyAccess.Purpose.DLMS_GLOBAL_UNICAST)
            .orElseThrow(
                () -> new Refusal(Tally.What.NO_KEY, "meter " + meter.id() + " has no key"));
    Opened opened = open(meter, ciphered, set);
    set = opened.set();
    boolean authentic = control.authenticated();
    if (!authentic) {
      allow(
          meter,
          control.encrypted() ? Meter.PushPolicy.ENCRYPTED : Meter.PushPolicy.PLAIN,
          "not authenticated");
    } else if (!peer.proven(meter.id(), link)) {
      throw new Refusal(
          Tally.What.OVER_LIMIT, "meter " + meter.id() + " holds too many connections");
    }
    MessageId id =
        authentic
            ? new MessageId(meter.id(), set.keyId(), ciphered.invocationCounter(), digest)
            : new MessageId(meter.id(), NO_KEY_ID, UNCOUNTED, digest);
    Assurance how = authentic ? Assurance.MAC : peer.carried();
    Origin origin = new Origin(meter, id, how, Optional.of(set), control.bits());
    pushed(link, apdu, Apdus.decode(opened.plain()), origin, peer);
    return authentic;
  }

  /** What a push says, and under which keys it came. */
  @SuppressWarnings("ArrayRecordComponent") // stays within the room, never changed
  private record Opened(byte[] plain, KeyAccess.KeySet set) {}

  /** Under the keys in force or, where an order has carried others to the meter, under those. */
  private Opened open(Meter meter, Apdu.Ciphered ciphered, KeyAccess.KeySet inForce)
      throws DlmsException {
    try (DlmsKeys keys = MeterKeys.of(inForce)) {
      return new Opened(Ciphering.unprotect(ciphered, new byte[0], keys), inForce);
    } catch (DlmsException e) {
      Optional<KeyAccess.KeySet> pending =
          e.kind() == DlmsException.Kind.UNAUTHENTICATED && ciphered.control().authenticated()
              ? host.keys().pending(meter.id(), KeyAccess.Purpose.DLMS_GLOBAL_UNICAST)
              : Optional.empty();
      if (pending.isEmpty()) {
        throw e;
      }
      try (DlmsKeys keys = MeterKeys.of(pending.get())) {
        return new Opened(Ciphering.unprotect(ciphered, new byte[0], keys), pending.get());
      }
    }
  }

  private boolean plain(
      LinkInfo link, byte[] apdu, byte[] digest, Apdu pdu, Optional<String> lineMeter, Peer peer)
      throws DlmsException, Refusal, InterruptedException {
    Optional<String> serial = read(pdu, layouts.genericProfile()).serial();
    String name =
        serial
            .or(() -> lineMeter)
            .orElseThrow(
                () -> new Refusal(Tally.What.UNKNOWN_METER, "a plain push that names no meter"));
    Meter meter =
        host.meters()
            .bySerial(name)
            .filter(m -> m.state() != Meter.State.RETIRED)
            .orElseThrow(
                () -> new Refusal(Tally.What.UNKNOWN_METER, "a plain push of an unknown meter"));
    fits(peer, meter, false);
    allow(meter, Meter.PushPolicy.PLAIN, "not ciphered");
    MessageId id = new MessageId(meter.id(), NO_KEY_ID, UNCOUNTED, digest);
    pushed(link, apdu, pdu, new Origin(meter, id, peer.carried(), Optional.empty(), 0), peer);
    return true;
  }

  /** C22: whom the transport proved is who the message says it is from. */
  private static void fits(Peer peer, Meter meter, boolean authenticated) throws Refusal {
    if (peer.shown().isPresent() && !peer.shown().get().speaksFor(meter.id(), authenticated)) {
      throw another(peer, "meter " + meter.id());
    }
  }

  private static Refusal another(Peer peer, String whose) {
    return new Refusal(
        Tally.What.UNAUTHENTICATED,
        "a push of " + whose + " came under the certificate of " + peer.shown().orElseThrow());
  }

  private static void allow(Meter meter, Meter.PushPolicy needed, String what) throws Refusal {
    if (meter.policy().compareTo(needed) < 0) {
      throw new Refusal(
          Tally.What.UNAUTHENTICATED,
          "meter " + meter.id() + " sent a push that is " + what + "; its policy forbids that");
    }
  }

  private Push read(Apdu pdu, MeterProfile profile) throws DlmsException, Refusal {
    return switch (pdu) {
      case Apdu.DataNotification push -> layouts.read(push, profile);
      case Apdu.EventNotification event -> layouts.read(event, profile);
      default -> throw new Refusal(Tally.What.UNSUPPORTED, "a " + pdu.name() + " is no push");
    };
  }

  private void pushed(LinkInfo link, byte[] apdu, Apdu pdu, Origin origin, Peer peer)
      throws DlmsException, Refusal, InterruptedException {
    Meter meter = origin.meter();
    MeterProfile profile = layouts.profile(meter.profile()).orElseGet(layouts::genericProfile);
    Push push = read(pdu, profile);
    Optional<String> stated = push.serial().map(String::strip);
    if (stated.isPresent()
        && !stated.get().equals(meter.serial())
        && !stated.get().equals(meter.id().value())) {
      throw new Refusal(
          Tally.What.UNAUTHENTICATED,
          "a push of meter " + meter.id() + " states another serial number");
    }
    Instant now = host.clock().instant();
    List<Message> content =
        new PushContent(
                meter,
                profile,
                push,
                EventWords.IDIS,
                origin.how(),
                now,
                Optional.of(limits.clockSkew()),
                origin.id().digest())
            .messages();
    Optional<Runnable> confirm =
        pdu instanceof Apdu.DataNotification wanted && wanted.confirmed() && peer.answers(link)
            ? Optional.of(() -> confirm(link, wanted, origin, peer))
            : Optional.empty();
    submit(link, apdu, origin.id(), origin.how(), content, peer, confirm);
  }

  private void submit(
      LinkInfo link,
      byte[] apdu,
      MessageId id,
      Assurance how,
      List<Message> content,
      Peer peer,
      Optional<Runnable> confirm)
      throws InterruptedException {
    peer.begin();
    CompletionStage<Outcome> stage;
    try {
      stage =
          host.intake()
              .submit(new Received(id, via.get(), host.clock().instant(), how, apdu, content));
    } catch (InterruptedException | RuntimeException e) {
      peer.end();
      throw e;
    }
    stage.whenComplete((outcome, failure) -> {
      try {
        if (failure != null) {
          tally.fault(Tally.What.FAILED, peer.name(), "intake failed: " + failure);
        } else {
          settle(link, outcome, peer, confirm);
        }
      } finally {
        peer.end();
      }
    });
  }

  private void settle(LinkInfo link, Outcome outcome, Peer peer, Optional<Runnable> confirm) {
    switch (outcome) {
      case Outcome.Stored _ -> {
        tally.count(Tally.What.STORED);
        confirm.ifPresent(Runnable::run);
      }
      case Outcome.Duplicate _ -> {
        tally.count(Tally.What.DUPLICATE);
        confirm.ifPresent(Runnable::run);
      }
      case Outcome.Waiting _ -> tally.count(Tally.What.WAITING);
      case Outcome.Refused(var fault) ->
          tally.fault(
              Tally.What.REFUSED,
              peer.name() + ", " + link,
              fault.code() + " at " + fault.where() + ": " + fault.remedy());
    }
  }

  /** The confirm is protected as the push was. */
  private void confirm(LinkInfo link, Apdu.DataNotification push, Origin origin, Peer peer) {
    Apdu confirm = Apdu.DataNotificationConfirm.of(push);
    try {
      byte[] apdu =
          origin.keys().isPresent()
              ? sender.seal(
                  origin.meter().id(),
                  origin.keys().get(),
                  new SecurityControl(origin.control()),
                  confirm)
              : Apdus.encode(confirm);
      peer.reply(link, apdu);
      tally.count(Tally.What.CONFIRMED);
    } catch (DlmsException | RuntimeException e) {
      // not confirmed: the meter sends again, and is answered then
      tally.fault(Tally.What.FAILED, peer.name(), "a confirm could not be sent: " + e.getMessage());
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
