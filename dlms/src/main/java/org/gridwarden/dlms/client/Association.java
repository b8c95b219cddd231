package org.gridwarden.dlms.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;

/**
 * An open association with a meter, with logical names. A resource: closing it releases the
 * association and the link. One thread at a time.
 *
 * <p>Every call may throw {@link IOException} (the link is broken, or the meter did not answer in
 * time), {@link DlmsException} (the meter's bytes are not what they should be, or not genuine) and
 * {@link AssociationRefused} (the meter refuses the service as such); the association is of no use
 * after the first two. That the meter refuses one access is a result.
 */
public final class Association implements AutoCloseable {
  /** The current association, logical name referencing (class 15), and its reply_to_HLS. */
  private static final MethodRef REPLY_TO_HLS =
      new MethodRef(15, ObisCode.parse("0.0.40.0.0.255"), 1);

  private static final int INVOKE = 0xC1; // id 1, confirmed, high priority
  private static final int MAX_PDU = 0xFFFF;
  private static final int CHALLENGE = 16;
  private static final int DEFAULT_MAX_VALUE = 16 << 20;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ApduLink link;
  private final AssociationRequest request;
  private Initiate.Response negotiated =
      new Initiate.Response(-1, Initiate.VERSION, new org.gridwarden.dlms.Conformance(0), 0, 0);
  private boolean usable = true;

  private Association(ApduLink link, AssociationRequest request) {
    this.link = link;
    this.request = request;
  }

  /**
   * Opens an association; where it does not come about, the link is closed.
   *
   * @param link closed with the association
   */
  public static Association open(ApduLink link, AssociationRequest request)
      throws IOException, DlmsException, AssociationRefused {
    Association association = new Association(link, request);
    boolean open = false;
    try {
      association.associate();
      open = true;
      return association;
    } finally {
      if (!open) {
        link.close();
      }
    }
  }

  private void associate() throws IOException, DlmsException, AssociationRefused {
    Initiate.Request initiate =
        new Initiate.Request(
            DlmsData.OctetString.of(), -1, Initiate.VERSION, request.conformance(), MAX_PDU);
    byte[] challenge = new byte[CHALLENGE];
    RANDOM.nextBytes(challenge);
    byte[] authentication = request.mechanism().high() ? challenge : request.secret();
    Optional<AssociationCipher> cipher = request.cipher();
    link.send(
        Apdus.encode(
            new Acse.Aarq(
                request.ciphered() ? Acse.Context.LOGICAL_NAME_CIPHERED : Acse.Context.LOGICAL_NAME,
                DlmsData.OctetString.of(cipher.map(AssociationCipher::ownTitle).orElse(NONE)),
                request.mechanism(),
                DlmsData.OctetString.of(authentication),
                DlmsData.OctetString.of(
                    request.ciphered()
                        ? cipher.orElseThrow().protect(initiate)
                        : Apdus.encode(initiate)))));
    Apdu answer = Apdus.decode(link.receive(request.patience()));
    if (!(answer instanceof Acse.Aare aare)) {
      throw unexpected("an association", answer);
    }
    if (aare.result() != Acse.Aare.ACCEPTED) {
      throw new AssociationRefused("the meter opens no association: " + aare.reason());
    }
    if (cipher.isPresent()) {
      cipher.get().peerTitle(aare.respondingTitle().bytes());
    }
    if (!(open(Apdus.decode(aare.userInformation().bytes()))
        instanceof Initiate.Response response)) {
      throw new AssociationRefused("the meter opens no association: it answers no initiate");
    }
    negotiated = response;
    if (request.mechanism().high()) {
      prove(aare.authentication().bytes(), challenge);
    }
  }

  private static final byte[] NONE = {};

  /** Answers the meter's challenge, and checks its answer to ours. */
  private void prove(byte[] theirs, byte[] ours)
      throws IOException, DlmsException, AssociationRefused {
    AssociationCipher cipher = request.cipher().orElseThrow();
    if (theirs.length < 8 || java.util.Arrays.equals(theirs, ours)) {
      // our own challenge sent back would let the meter learn its answer from us
      throw new AssociationRefused("the meter's challenge is too short, or our own");
    }
    Service.Invoked result =
        action(REPLY_TO_HLS, Optional.of(DlmsData.OctetString.of(cipher.gmac(theirs))));
    if (!result.result().isSuccess()) {
      throw new AssociationRefused("the meter does not take our proof: " + result.result());
    }
    if (!(result.returned().orElse(null) instanceof Outcome.Value(DlmsData.OctetString proof))) {
      throw new AssociationRefused("the meter does not prove that it knows the key");
    }
    cipher.checkGmac(proof.bytes(), ours);
  }

  /** What the two sides agreed upon. */
  public Initiate.Response negotiated() {
    return negotiated;
  }

  /** Reads an attribute. */
  public Outcome get(AttributeRef attribute) throws IOException, DlmsException, AssociationRefused {
    return get(new Service.Selected(attribute, Optional.empty()));
  }

  /** Reads a part of an attribute. */
  public Outcome get(AttributeRef attribute, Selection selection)
      throws IOException, DlmsException, AssociationRefused {
    return get(new Service.Selected(attribute, Optional.of(selection)));
  }

  private Outcome get(Service.Selected what) throws IOException, DlmsException, AssociationRefused {
    Apdu answer = ask(new Service.GetNormal(INVOKE, what));
    return switch (answer) {
      case Service.GotNormal got -> got.outcome();
      case Service.GotBlock first -> {
        Blocks blocks = blocks(first);
        yield blocks.refused.isPresent()
            ? new Outcome.Refused(blocks.refused.get())
            : new Outcome.Value(Axdr.decode(blocks.bytes.toByteArray()));
      }
      default -> throw unexpected("a value", answer);
    };
  }

  /** Reads several attributes at once, in their order. */
  public List<Outcome> get(List<Service.Selected> what)
      throws IOException, DlmsException, AssociationRefused {
    Apdu answer = ask(new Service.GetList(INVOKE, what));
    if (answer instanceof Service.GotBlock first) {
      Blocks blocks = blocks(first);
      if (blocks.refused.isPresent()) {
        throw new AssociationRefused("the meter breaks off its list: " + blocks.refused.get());
      }
      // what the blocks carry is the rest of a get-response-with-list
      byte[] rest = blocks.bytes.toByteArray();
      byte[] whole = new byte[3 + rest.length];
      whole[0] = (byte) 0xC4;
      whole[1] = 3;
      whole[2] = (byte) INVOKE;
      System.arraycopy(rest, 0, whole, 3, rest.length);
      answer = Apdus.decode(whole);
    }
    if (!(answer instanceof Service.GotList got) || got.outcomes().size() != what.size()) {
      throw unexpected("a list of " + what.size(), answer);
    }
    return got.outcomes();
  }

  private static final class Blocks {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private Optional<AccessResult> refused = Optional.empty();
  }

  private Blocks blocks(Service.GotBlock first)
      throws IOException, DlmsException, AssociationRefused {
    Blocks blocks = new Blocks();
    Service.GotBlock got = first;
    for (long number = 1; ; number++) {
      blocks.refused = got.refused();
      if (got.refused().isPresent()) {
        return blocks;
      }
      if (got.block().number() != number) {
        throw broken("block " + number + " was asked for, and " + got.block().number() + " came");
      }
      byte[] raw = got.block().raw().bytes();
      if (raw.length == 0 && !got.block().last()) {
        throw broken("block " + number + " is empty and not the last");
      }
      if (blocks.bytes.size() + raw.length > DEFAULT_MAX_VALUE) {
        throw broken("a value of more than " + DEFAULT_MAX_VALUE + " bytes");
      }
      blocks.bytes.writeBytes(raw);
      if (got.block().last()) {
        return blocks;
      }
      Apdu answer = ask(new Service.GetNext(INVOKE, number));
      if (!(answer instanceof Service.GotBlock next)) {
        throw unexpected("a block", answer);
      }
      got = next;
    }
  }

  /** Writes an attribute; in blocks where it is longer than the meter takes. */
  public AccessResult set(AttributeRef attribute, DlmsData value)
      throws IOException, DlmsException, AssociationRefused {
    Service.Selected what = new Service.Selected(attribute, Optional.empty());
    byte[] encoded = Axdr.encode(value);
    int room = negotiated.maxPdu() == 0 ? MAX_PDU : negotiated.maxPdu();
    // headers, descriptor, protection
    int part = Math.max(16, room - 64);
    if (encoded.length <= part) {
      Apdu answer = ask(new Service.SetNormal(INVOKE, what, value));
      if (answer instanceof Service.SetDone done) {
        return done.result();
      }
      throw unexpected("a result", answer);
    }
    for (int from = 0, number = 1; ; from += part, number++) {
      int length = Math.min(part, encoded.length - from);
      boolean last = from + length == encoded.length;
      Service.Block block =
          new Service.Block(
              last,
              number,
              DlmsData.OctetString.of(java.util.Arrays.copyOfRange(encoded, from, from + length)));
      Apdu answer =
          ask(
              number == 1
                  ? new Service.SetFirstBlock(INVOKE, what, block)
                  : new Service.SetBlock(INVOKE, block));
      if (answer instanceof Service.SetLastBlockTaken done) {
        return done.result();
      }
      if (answer instanceof Service.SetDone done) {
        return done.result();
      }
      if (last || !(answer instanceof Service.SetBlockTaken taken) || taken.block() != number) {
        throw unexpected("block " + number + " to be taken", answer);
      }
    }
  }

  /** Invokes a method. */
  public Service.Invoked action(MethodRef method, Optional<DlmsData> parameters)
      throws IOException, DlmsException, AssociationRefused {
    Apdu answer = ask(new Service.ActionNormal(INVOKE, method, parameters));
    if (answer instanceof Service.ActedNormal acted) {
      return acted.outcome();
    }
    throw unexpected("a result", answer);
  }

  private Apdu ask(Service question) throws IOException, DlmsException, AssociationRefused {
    boolean answered = false;
    try {
      link.send(request.ciphered() ? protect(question) : Apdus.encode(question));
      Apdu answer = open(Apdus.decode(link.receive(request.patience())));
      answered = true;
      if (answer instanceof Service.ExceptionResponse refused) {
        throw new AssociationRefused("the meter refuses: " + refused.reason());
      }
      return answer;
    } finally {
      usable &= answered;
    }
  }

  private byte[] protect(Apdu plain) throws DlmsException {
    return request.cipher().orElseThrow().protect(plain);
  }

  /** What came, opened; an exception response alone may come in the clear. */
  private Apdu open(Apdu apdu) throws DlmsException {
    if (apdu instanceof Apdu.Ciphered ciphered && request.cipher().isPresent()) {
      return request.cipher().get().open(ciphered);
    }
    if (request.ciphered() && !(apdu instanceof Service.ExceptionResponse)) {
      throw new DlmsException(
          DlmsException.Kind.UNAUTHENTICATED, 0, "a " + apdu.name() + " came unprotected");
    }
    return apdu;
  }

  private static DlmsException unexpected(String wanted, Apdu came) {
    return broken("the meter was asked for " + wanted + " and sent a " + came.name());
  }

  private static DlmsException broken(String what) {
    return new DlmsException(DlmsException.Kind.MALFORMED, 0, what);
  }

  /** Releases the association where it still works, and closes the link. */
  @Override
  public void close() throws IOException {
    try (link) {
      if (usable) {
        link.send(Apdus.encode(new Acse.Rlrq(0, DlmsData.OctetString.of())));
        link.receive(request.patience());
      }
    } catch (DlmsException e) {
      // whatever it was: the link is closed
    } catch (IOException e) {
      // a meter that closes at once has released it as well
    }
  }
}
