package org.gridwarden.dlms.security;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.GeneralHeader;
import org.gridwarden.dlms.GeneralSigning;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.KeyUse;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.security.SecurityPolicy.Direction;

/**
 * One side's protection of one association's APDUs (IEC 62056-5-3, clause 9.2.7.2): ciphers and
 * signs what is sent, opens and checks what came. What came is refused where it has less protection
 * than the policy asks for, another suite, another sender, or a counter that is not above those
 * before. What is signed is authenticated, too: a signature alone has no counter, and could come
 * again. One thread at a time.
 */
public final class Protection implements AutoCloseable {
  private static final int TITLE = 8;
  private static final int TRANSACTION_ID = 8;
  private static final long LAST = 0xFFFF_FFFFL;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecurityContext context;
  private final MessageKeys messageKeys;
  private final Direction outgoing;
  private final Direction incoming;
  private KeyGeneration active;
  private byte[] peerTitle;
  private Optional<Dedicated> dedicated = Optional.empty();
  private boolean generalAllowed = true;
  private Form form;

  /**
   * What held when the question came: its answer may be that a stricter policy holds from now on.
   */
  private Optional<SecurityPolicy> asked = Optional.empty();

  private boolean refusedThirdParty;

  /** An association's own key, whose counters begin with it. */
  private record Dedicated(DlmsKeys keys, KeyCounters counters) {}

  /**
   * How an APDU is, or was, protected. A meter answers in the form of the question, and with as
   * much protection.
   */
  private record Form(
      Carrier carrier,
      boolean authenticated,
      boolean encrypted,
      boolean signed,
      OctetString transactionId,
      OctetString thirdParty) {
    static Form plain(Carrier carrier) {
      return new Form(carrier, false, false, false, OctetString.of(), OctetString.of());
    }

    boolean ciphered() {
      return authenticated || encrypted;
    }

    Form ciphered(Carrier by, SecurityControl control, OctetString transaction) {
      return new Form(
          by, control.authenticated(), control.encrypted(), signed, transaction, thirdParty);
    }

    Form signed(OctetString transaction) {
      return new Form(carrier, authenticated, encrypted, true, transaction, thirdParty);
    }

    /** By somebody whom the client carries for. */
    Form signedBy(OctetString title, OctetString transaction) {
      return new Form(carrier, authenticated, encrypted, true, transaction, title);
    }
  }

  private Protection(SecurityContext context, Direction outgoing) {
    this.context = context;
    this.messageKeys = new MessageKeys(context.suite(), context.pairs());
    this.outgoing = outgoing;
    this.incoming = outgoing == Direction.REQUEST ? Direction.RESPONSE : Direction.REQUEST;
    this.active = context.first();
    this.peerTitle = context.peerTitle().orElse(new byte[0]).clone();
    this.form = Form.plain(context.carrier());
  }

  /** A client's side of an association. */
  public static Protection ofClient(SecurityContext context) {
    return new Protection(context, Direction.REQUEST);
  }

  /** A meter's side of an association. */
  public static Protection ofMeter(SecurityContext context) {
    return new Protection(context, Direction.RESPONSE);
  }

  /** Whether an APDU is ciphered or signed. */
  public static boolean isProtected(Apdu apdu) {
    return apdu instanceof Apdu.Ciphered
        || apdu instanceof Apdu.GeneralCiphering
        || apdu instanceof GeneralSigning;
  }

  /**
   * The other side's system title, 8 bytes, once it is known.
   *
   * @throws DlmsException UNAUTHENTICATED where it is our own, or not the one that was expected
   */
  public void peerTitle(byte[] title) throws DlmsException {
    if (title.length != TITLE) {
      throw new DlmsException(
          DlmsException.Kind.MALFORMED,
          0,
          "the peer's system title has 8 bytes, not " + title.length);
    }
    if (Arrays.equals(title, context.ownTitle())) {
      throw refused("the peer's system title is our own");
    }
    if (context.peerTitle().isPresent() && !Arrays.equals(title, context.peerTitle().get())) {
      throw refused("the peer's system title is not the one that was expected");
    }
    peerTitle = title.clone();
  }

  /** The own system title, a copy. */
  public byte[] ownTitle() {
    return context.ownTitle();
  }

  /** What both sides can: without general-protection, general- APDUs are neither sent nor taken. */
  public void negotiated(Conformance conformance) {
    generalAllowed = conformance.has(Conformance.Service.GENERAL_PROTECTION);
  }

  // --- the dedicated key

  /** A new key for the association's initiate, where it wants one; else of length 0. */
  public OctetString newDedicatedKey() {
    byte[] key = new byte[context.carrier().usesDedicatedKey() ? context.suite().keyLength() : 0];
    RANDOM.nextBytes(key);
    return OctetString.of(key);
  }

  /**
   * Takes an association's key, as its initiate brought it. From now on what is sent is under it
   * where our form, or the question's, is.
   *
   * @param key of length 0 where there is none
   * @throws DlmsException UNAUTHENTICATED where it came in the clear; MALFORMED where it has
   *     another length than the suite's keys
   */
  public void dedicatedKey(OctetString key) throws DlmsException {
    if (key.length() == 0) {
      return;
    }
    if (outgoing == Direction.RESPONSE && !form.encrypted()) {
      throw refused("the dedicated key was not encrypted");
    }
    if (key.length() != context.suite().keyLength()) {
      throw new DlmsException(
          DlmsException.Kind.MALFORMED, 0, "the dedicated key has " + key.length() + " bytes");
    }
    AtomicLong counter = new AtomicLong();
    dedicated =
        Optional.of(
            new Dedicated(
                active.keys().withDedicated(key.bytes()),
                new KeyCounters(counter::incrementAndGet, CounterMemory.inMemory())));
  }

  // --- out

  /**
   * An APDU's bytes, protected as the policy asks for. An exception response that has no protected
   * form of its own stays in the clear.
   *
   * @throws DlmsException NO_KEY where a key is missing, or its invocation counter is used up
   */
  public byte[] protect(Apdu plain) throws DlmsException {
    SecurityPolicy policy = asked.orElseGet(context::policy);
    asked = Optional.empty();
    boolean answer = outgoing == Direction.RESPONSE;
    boolean sign = policy.signs(outgoing) || (answer && form.signed());
    boolean authenticate =
        sign || policy.authenticates(outgoing) || (answer && form.authenticated());
    boolean encrypt = policy.encrypts(outgoing) || (answer && form.encrypted());
    Carrier carrier = answer ? form.carrier() : context.carrier();
    boolean inTheClear =
        plain instanceof Service.ExceptionResponse && carrier instanceof Carrier.Service;
    if (inTheClear || !(authenticate || encrypt)) {
      return Apdus.encode(plain);
    }
    OctetString transaction = answer ? form.transactionId() : newTransaction(carrier, sign);
    OctetString thirdParty = answer ? form.thirdParty() : OctetString.of();
    form = new Form(carrier, authenticate, encrypt, sign, transaction, thirdParty);
    GeneralHeader header = GeneralHeader.of(transaction.bytes(), context.ownTitle(), peerTitle);
    GeneralHeader signing = thirdParty.length() == 0 ? header : answering(thirdParty, transaction);
    SecurityControl control =
        SecurityControl.of(context.suite().number(), authenticate, encrypt, false);
    Apdu signed = plain;
    if (sign && context.signing() == SecurityContext.Signing.INSIDE) {
      signed = signed(signing, plain);
    }
    Apdu ciphered = cipher(carrier, signed, control, header);
    return Apdus.encode(
        sign && context.signing() == SecurityContext.Signing.OUTSIDE
            ? signed(signing, ciphered)
            : ciphered);
  }

  /** To a third party: the client that carries it could not have said any of it. */
  private GeneralHeader answering(OctetString thirdParty, OctetString transaction) {
    return new GeneralHeader(
        transaction,
        OctetString.of(context.ownTitle()),
        thirdParty,
        OctetString.of(context.thirdParties().orElseThrow().now().bytes()),
        OctetString.EMPTY);
  }

  private static OctetString newTransaction(Carrier carrier, boolean sign) {
    byte[] id = new byte[sign || carrier instanceof Carrier.GeneralCiphering ? TRANSACTION_ID : 0];
    RANDOM.nextBytes(id);
    return OctetString.of(id);
  }

  private GeneralSigning signed(GeneralHeader header, Apdu content) throws DlmsException {
    requireGeneral();
    byte[] bytes = Apdus.encode(content);
    byte[] signature =
        Signatures.sign(
            context.suite().requireCurve(),
            context.pairs().requireSigning(),
            GeneralSigning.toBeSigned(header, bytes));
    return new GeneralSigning(header, OctetString.of(bytes), OctetString.of(signature));
  }

  private Apdu cipher(Carrier carrier, Apdu plain, SecurityControl control, GeneralHeader header)
      throws DlmsException {
    if (carrier instanceof Carrier.GeneralCiphering how) {
      return generalCiphering(how, plain, control, header);
    }
    boolean own = carrier.usesDedicatedKey() && dedicated.isPresent();
    boolean general = carrier instanceof Carrier.General && !(plain instanceof Initiate);
    int tag = Ciphering.tagFor(plain.tag(), general, own);
    if (tag >= Ciphering.FIRST_GENERAL) {
      requireGeneral();
    }
    return Ciphering.protect(
        tag,
        control,
        context.ownTitle(),
        own ? next(dedicated.get().counters()) : next(active.unicast()),
        Apdus.encode(plain),
        own ? dedicated.get().keys() : active.keys());
  }

  private Apdu generalCiphering(
      Carrier.GeneralCiphering how, Apdu plain, SecurityControl control, GeneralHeader header)
      throws DlmsException {
    requireGeneral();
    MessageKeys.Made made = messageKeys.make(how, header, active);
    // also under a key of its own a message is numbered by the global key's counter: by it the
    // other
    // side knows one that comes again
    long number =
        next(how == Carrier.GeneralCiphering.BROADCAST ? active.broadcast() : active.unicast());
    byte[] bytes = Apdus.encode(plain);
    if (made.key().length == 0) {
      return Ciphering.protect(header, made.info(), control, number, bytes, active.keys());
    }
    try (DlmsKeys keys = active.keys().withEncryption(made.key())) {
      return Ciphering.protect(header, made.info(), control, number, bytes, keys);
    } finally {
      Arrays.fill(made.key(), (byte) 0);
    }
  }

  private void requireGeneral() throws DlmsException {
    if (!generalAllowed) {
      throw new DlmsException(
          DlmsException.Kind.UNSUPPORTED, 0, "general protection was not negotiated");
    }
  }

  private static long next(KeyCounters counters) throws DlmsException {
    long number = counters.sending().next();
    if (number < 0 || number > LAST) {
      throw new DlmsException(
          DlmsException.Kind.NO_KEY,
          0,
          "the invocation counter of the key is used up; the key must be changed");
    }
    return number;
  }

  // --- in

  /**
   * Opens what came: at most one ciphering and one signature, either within the other.
   *
   * @return the plain APDU
   * @throws DlmsException UNAUTHENTICATED where it is not genuine, has less protection than the
   *     policy asks for, or its counter is not above those before
   */
  public Apdu open(Apdu came) throws DlmsException {
    return open(came, context.policy());
  }

  /**
   * Opens what came before the client has proven itself: its initiate and its proof. Where third
   * parties sign what the policy wants signed, these need not be: the client has no key for that,
   * and the proof proves itself.
   *
   * @throws DlmsException as {@link #open(Apdu)}
   */
  public Apdu openProof(Apdu came) throws DlmsException {
    SecurityPolicy policy = context.policy();
    return open(came, context.thirdParties().isPresent() ? policy.unsigned() : policy);
  }

  private Apdu open(Apdu came, SecurityPolicy policy) throws DlmsException {
    refusedThirdParty = false;
    Form found = Form.plain(form.carrier());
    Apdu at = came;
    while (isProtected(at)) {
      switch (at) {
        case GeneralSigning signing -> {
          found =
              isThirdParty(signing) ? admitted(signing, found, policy) : verified(signing, found);
          at = Apdus.decode(signing.content().bytes());
        }
        case Apdu.GeneralCiphering general -> {
          found = unciphered(general, found);
          at = Apdus.decode(opened(general));
        }
        case Apdu.Ciphered ciphered -> {
          found = unciphered(ciphered, found);
          at = Apdus.decode(opened(ciphered));
        }
        default -> throw new IllegalStateException("not protected");
      }
    }
    require(found, policy);
    if (outgoing == Direction.RESPONSE) {
      form = found;
      asked = Optional.of(policy);
    }
    return at;
  }

  /**
   * Opens an answer that is for a third party, as far as it is the client's business: its
   * ciphering. The signature is for who asked.
   *
   * @param thirdParty whom the request was carried for, 8 bytes
   * @return the answer as the meter signed it, or an exception response that the meter has
   *     authenticated
   * @throws DlmsException UNAUTHENTICATED where it is not genuine, or for somebody else
   */
  public Apdu openCarried(Apdu came, byte[] thirdParty) throws DlmsException {
    Form plain = Form.plain(form.carrier());
    Apdu inside;
    Form found;
    switch (came) {
      case Apdu.GeneralCiphering general -> {
        found = unciphered(general, plain);
        inside = Apdus.decode(opened(general));
      }
      case Apdu.Ciphered ciphered -> {
        found = unciphered(ciphered, plain);
        inside = Apdus.decode(opened(ciphered));
      }
      default -> throw refused("the answer is not protected");
    }
    require(found, context.policy().unsigned());
    if (!found.authenticated()) {
      throw refused("the answer is not authenticated");
    }
    if (inside instanceof GeneralSigning answer) {
      if (!Arrays.equals(answer.header().originator().bytes(), peerTitle)
          || !Arrays.equals(answer.header().recipient().bytes(), thirdParty)) {
        throw refused("the answer is from or for somebody else");
      }
      return answer;
    }
    if (isProtected(inside)) {
      throw refused("the answer is ciphered twice");
    }
    return inside;
  }

  /** Whom the client carried the last request for: their title, 8 bytes; empty for itself. */
  public Optional<byte[]> thirdParty() {
    return form.thirdParty().length() == 0
        ? Optional.empty()
        : Optional.of(form.thirdParty().bytes());
  }

  /**
   * Whether what came last was a third party's request that was not let in, under the client's own
   * genuine protection: the refusal is protected as well, so that nobody else can have made it.
   */
  public boolean refusedThirdParty() {
    return refusedThirdParty;
  }

  private boolean isThirdParty(GeneralSigning signing) {
    OctetString originator = signing.header().originator();
    return context.thirdParties().isPresent()
        && originator.length() == TITLE
        && !Arrays.equals(originator.bytes(), peerTitle);
  }

  /** After the client's protection: who has not its keys cannot use a transaction up. */
  private Form admitted(GeneralSigning signing, Form before, SecurityPolicy policy)
      throws DlmsException {
    requireGeneral();
    if (!before.authenticated()) {
      throw refused("a third party's request comes under its client's protection");
    }
    require(before.signedBy(OctetString.EMPTY, OctetString.EMPTY), policy);
    form = before;
    asked = Optional.of(policy.unsigned());
    try {
      context.thirdParties().orElseThrow().admit(signing);
    } catch (DlmsException e) {
      refusedThirdParty = true;
      throw e;
    }
    GeneralHeader header = signing.header();
    return before.signedBy(header.originator(), header.transactionId());
  }

  private void require(Form found, SecurityPolicy policy) throws DlmsException {
    boolean less =
        (policy.signs(incoming) && !found.signed())
            || ((policy.authenticates(incoming) || found.signed()) && !found.authenticated())
            || (policy.encrypts(incoming) && !found.encrypted());
    if (less) {
      throw refused("the APDU is protected less than was agreed");
    }
  }

  private Form verified(GeneralSigning signing, Form before) throws DlmsException {
    requireGeneral();
    if (before.signed()) {
      throw refused("the APDU is signed twice");
    }
    header(signing.header());
    Signatures.require(
        context.suite().requireCurve(),
        context.pairs().requirePeerSigning(),
        signing.signature().bytes(),
        GeneralSigning.toBeSigned(signing.header(), signing.content().bytes()));
    return before.signed(signing.header().transactionId());
  }

  private Form unciphered(Apdu.Ciphered apdu, Form before) throws DlmsException {
    boolean general = apdu.systemTitle().length > 0;
    control(apdu.control(), before);
    if (general) {
      requireGeneral();
      sender(apdu.systemTitle());
    }
    if (apdu.keyUse() == KeyUse.BROADCAST
        && context.carrier() != Carrier.GeneralCiphering.BROADCAST) {
      throw refused("the APDU is under the broadcast key");
    }
    Carrier carrier =
        general ? new Carrier.General(apdu.dedicated()) : new Carrier.Service(apdu.dedicated());
    return before.ciphered(carrier, apdu.control(), before.transactionId());
  }

  private Form unciphered(Apdu.GeneralCiphering apdu, Form before) throws DlmsException {
    requireGeneral();
    control(apdu.control(), before);
    header(apdu.header());
    if (apdu.keyUse() == KeyUse.BROADCAST
        && context.carrier() != Carrier.GeneralCiphering.BROADCAST) {
      throw refused("the APDU is under the broadcast key");
    }
    return before.ciphered(
        MessageKeys.answering(apdu.keyInfo()), apdu.control(), apdu.header().transactionId());
  }

  private void control(SecurityControl control, Form before) throws DlmsException {
    if (before.ciphered()) {
      throw refused("the APDU is ciphered twice");
    }
    if (control.suite() != context.suite().number()) {
      throw refused("the APDU is of another security suite than was agreed: " + control);
    }
    SecurityPolicy policy = context.policy();
    if ((policy.authenticates(incoming) && !control.authenticated())
        || (policy.encrypts(incoming) && !control.encrypted())) {
      throw refused("the APDU is protected less than was agreed: " + control);
    }
  }

  private void header(GeneralHeader header) throws DlmsException {
    sender(header.originator().bytes());
    if (header.recipient().length() > 0
        && !Arrays.equals(header.recipient().bytes(), context.ownTitle())) {
      throw refused("the APDU is for somebody else");
    }
  }

  private void sender(byte[] title) throws DlmsException {
    if (peerTitle.length > 0 ? !Arrays.equals(title, peerTitle) : isOwn(title)) {
      throw refused("the APDU is from somebody else");
    }
  }

  private boolean isOwn(byte[] title) {
    return Arrays.equals(title, context.ownTitle());
  }

  private byte[] opened(Apdu.Ciphered apdu) throws DlmsException {
    byte[] title = apdu.systemTitle().length > 0 ? apdu.systemTitle() : peerTitle;
    if (apdu.dedicated()) {
      if (dedicated.isEmpty()) {
        throw refused("the APDU is under a dedicated key, and there is none");
      }
      byte[] plain = Ciphering.unprotect(apdu, peerTitle, dedicated.get().keys());
      counted(
          apdu.control(),
          dedicated.get().counters(),
          apdu.keyUse(),
          title,
          apdu.invocationCounter());
      return plain;
    }
    KeyRing.Tried<byte[]> tried =
        context.keys().attempt(keys -> Ciphering.unprotect(apdu, peerTitle, keys.keys()));
    active = tried.keys();
    counted(
        apdu.control(), counters(apdu.keyUse()), apdu.keyUse(), title, apdu.invocationCounter());
    return tried.result();
  }

  private byte[] opened(Apdu.GeneralCiphering apdu) throws DlmsException {
    KeyRing.Tried<byte[]> tried =
        context
            .keys()
            .attempt(keys -> {
              byte[] own = messageKeys.find(apdu.keyInfo(), apdu.header(), keys);
              if (own.length == 0) {
                return Ciphering.unprotect(apdu, keys.keys());
              }
              try (DlmsKeys once = keys.keys().withEncryption(own)) {
                return Ciphering.unprotect(apdu, once);
              } finally {
                Arrays.fill(own, (byte) 0);
              }
            });
    active = tried.keys();
    counted(
        apdu.control(),
        counters(apdu.keyUse()),
        apdu.keyUse(),
        apdu.header().originator().bytes(),
        apdu.counter());
    return tried.result();
  }

  private KeyCounters counters(KeyUse use) {
    return use == KeyUse.BROADCAST ? active.broadcast() : active.unicast();
  }

  /** After authentication: else anybody could put the counter to its end. */
  private static void counted(
      SecurityControl control, KeyCounters counters, KeyUse use, byte[] sender, long number)
      throws DlmsException {
    if (control.authenticated() && !counters.seen().advance(use, OctetString.of(sender), number)) {
      throw refused("the invocation counter " + number + " came before");
    }
  }

  private static DlmsException refused(String why) {
    return new DlmsException(DlmsException.Kind.UNAUTHENTICATED, 0, why);
  }

  // --- what the proofs of GMAC take

  SecuritySuite suite() {
    return context.suite();
  }

  byte[] peerTitle() {
    return peerTitle.clone();
  }

  /** Takes a counter of the keys in use. */
  long nextCounter() throws DlmsException {
    return next(active.unicast());
  }

  DlmsKeys activeKeys() {
    return active.keys();
  }

  /** Checks something under the global keys; what waits is confirmed by it. */
  void verify(Apdu.Ciphered made) throws DlmsException {
    KeyRing.Tried<byte[]> tried =
        context.keys().attempt(keys -> Ciphering.unprotect(made, peerTitle, keys.keys()));
    active = tried.keys();
    // fresh by the challenge; its counter was taken before that of the service around it
    active
        .unicast()
        .seen()
        .advance(KeyUse.UNICAST, OctetString.of(peerTitle), made.invocationCounter());
  }

  /** Forgets the association's own key. */
  @Override
  public void close() {
    dedicated.ifPresent(key -> key.keys().close());
    dedicated = Optional.empty();
  }

  @Override
  public String toString() {
    return "Protection[" + context + "]";
  }
}
