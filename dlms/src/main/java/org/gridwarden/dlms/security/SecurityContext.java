package org.gridwarden.dlms.security;

import java.util.Optional;
import java.util.function.Supplier;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.InvocationCounter;

/**
 * How one side protects its associations (IEC 62056-5-3, clause 9.2): its system title, keys, suite
 * and policy, and the form that protected APDUs have. Immutable, but for the keys and counters
 * behind its ports; makes one {@link Protection} for each association.
 */
public final class SecurityContext {
  /** Where a digital signature stands, when the policy asks for one. */
  public enum Signing {
    /** The plain APDU is signed, and protected together with its signature. */
    INSIDE,
    /** The ciphered APDU is signed. */
    OUTSIDE
  }

  private static final int TITLE = 8;

  private final byte[] ownTitle;
  private final KeyRing keys;
  private final SecuritySuite suite;
  private final Supplier<SecurityPolicy> policy;
  private final Carrier carrier;
  private final Signing signing;
  private final AsymmetricKeys pairs;
  private final byte[] peerTitle;
  private final boolean newKeys;
  private final Optional<ThirdParties> thirdParties;

  private SecurityContext(Draft draft) {
    this.ownTitle = draft.ownTitle;
    this.keys = draft.keys;
    this.suite = draft.suite;
    this.policy = draft.policy;
    this.carrier = draft.carrier;
    this.signing = draft.signing;
    this.pairs = draft.pairs;
    this.peerTitle = draft.peerTitle;
    this.newKeys = draft.newKeys;
    this.thirdParties = draft.thirdParties;
  }

  /** The parts while one of them changes. */
  private static final class Draft {
    private final byte[] ownTitle;
    private final KeyRing keys;
    private SecuritySuite suite = SecuritySuite.SUITE_0;
    private Supplier<SecurityPolicy> policy = () -> SecurityPolicy.AUTHENTICATED_ENCRYPTED;
    private Carrier carrier = Carrier.global();
    private Signing signing = Signing.INSIDE;
    private AsymmetricKeys pairs = AsymmetricKeys.NONE;
    private byte[] peerTitle = {};
    private boolean newKeys;
    private Optional<ThirdParties> thirdParties = Optional.empty();

    Draft(byte[] ownTitle, KeyRing keys) {
      this.ownTitle = title(ownTitle);
      this.keys = keys;
    }
  }

  private Draft draft() {
    Draft draft = new Draft(ownTitle, keys);
    draft.suite = suite;
    draft.policy = policy;
    draft.carrier = carrier;
    draft.signing = signing;
    draft.pairs = pairs;
    draft.peerTitle = peerTitle;
    draft.newKeys = newKeys;
    draft.thirdParties = thirdParties;
    return draft;
  }

  /**
   * Suite 0, authenticated and encrypted, in the services' own APDUs.
   *
   * @param ownTitle the own system title, 8 bytes
   */
  public static SecurityContext of(byte[] ownTitle, KeyRing keys) {
    return new SecurityContext(new Draft(ownTitle, keys));
  }

  /** The same with keys that do not change, and a memory of counters that lives as long as this. */
  public static SecurityContext of(byte[] ownTitle, DlmsKeys keys, InvocationCounter sending) {
    return of(ownTitle, KeyRing.of(keys, sending));
  }

  /** This with another suite. What comes in a lower or higher one is refused. */
  public SecurityContext withSuite(SecuritySuite other) {
    Draft draft = draft();
    draft.suite = other;
    return new SecurityContext(draft);
  }

  /** This with another policy: what comes has at least that protection, or it is refused. */
  public SecurityContext withPolicy(SecurityPolicy other) {
    return withPolicy(() -> other);
  }

  /** This with a policy that may change, also while an association is open. */
  public SecurityContext withPolicy(Supplier<SecurityPolicy> other) {
    Draft draft = draft();
    draft.policy = other;
    return new SecurityContext(draft);
  }

  /** This with another form of protected APDUs. A meter answers in the form of the question. */
  public SecurityContext carriedBy(Carrier other) {
    Draft draft = draft();
    draft.carrier = other;
    return new SecurityContext(draft);
  }

  /** This with signatures, where the policy asks for them, in another place. */
  public SecurityContext signing(Signing where) {
    Draft draft = draft();
    draft.signing = where;
    return new SecurityContext(draft);
  }

  /** This with static key pairs, for signatures and key agreement. */
  public SecurityContext withPairs(AsymmetricKeys other) {
    Draft draft = draft();
    draft.pairs = other;
    return new SecurityContext(draft);
  }

  /** This with the other side's system title, where it has to be known from the start. */
  public SecurityContext withPeer(byte[] title) {
    Draft draft = draft();
    draft.peerTitle = title(title);
    return new SecurityContext(draft);
  }

  /** This sending with the keys that wait to be confirmed, if there are any. */
  public SecurityContext withNewKeys() {
    Draft draft = draft();
    draft.newKeys = true;
    return new SecurityContext(draft);
  }

  /** This taking what third parties have signed, too: a meter's side. */
  public SecurityContext withThirdParties(ThirdParties other) {
    Draft draft = draft();
    draft.thirdParties = Optional.of(other);
    return new SecurityContext(draft);
  }

  private static byte[] title(byte[] title) {
    if (title.length != TITLE) {
      throw new IllegalArgumentException("a system title has 8 bytes, not " + title.length);
    }
    return title.clone();
  }

  /** The own system title, a copy. */
  public byte[] ownTitle() {
    return ownTitle.clone();
  }

  public KeyRing keys() {
    return keys;
  }

  public SecuritySuite suite() {
    return suite;
  }

  /** The policy at this time. */
  public SecurityPolicy policy() {
    return policy.get();
  }

  public Carrier carrier() {
    return carrier;
  }

  Signing signing() {
    return signing;
  }

  /** The static key pairs. */
  public AsymmetricKeys pairs() {
    return pairs;
  }

  /** Whose signed requests are taken beside the client's. */
  public Optional<ThirdParties> thirdParties() {
    return thirdParties;
  }

  Optional<byte[]> peerTitle() {
    return peerTitle.length == 0 ? Optional.empty() : Optional.of(peerTitle);
  }

  /** With which keys an association begins to send. */
  KeyGeneration first() {
    return newKeys ? keys.pending().orElse(keys.current()) : keys.current();
  }

  @Override
  public String toString() {
    return "SecurityContext[" + suite + ", " + carrier + "]";
  }
}
