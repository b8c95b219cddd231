package org.gridwarden.dlms.security;

import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.security.SecurityPolicy.Direction;

/**
 * A meter's security towards one client, and how it changes: policy, global keys, key pairs and
 * certificates. What a Security setup object shows (IEC 62056-6-2, class 64). Thread-safe.
 */
public final class MeterSecurity {
  private final byte[] meterTitle;
  private final byte[] clientTitle;
  private final SecuritySuite suite;
  private final KeyRing keys;
  private final MeterCredentials credentials;
  private final AtomicReference<SecurityPolicy> policy;
  private final Consumer<SecurityPolicy> kept;

  /**
   * @param meterTitle the meter's system title, 8 bytes
   * @param clientTitle the client's, 8 bytes
   * @param policy what it begins with
   * @param kept makes a new policy durable before it returns
   */
  public MeterSecurity(
      byte[] meterTitle,
      byte[] clientTitle,
      SecuritySuite suite,
      KeyRing keys,
      MeterCredentials credentials,
      SecurityPolicy policy,
      Consumer<SecurityPolicy> kept) {
    this.meterTitle = meterTitle.clone();
    this.clientTitle = clientTitle.clone();
    this.suite = suite;
    this.keys = keys;
    this.credentials = credentials;
    this.policy = new AtomicReference<>(policy);
    this.kept = kept;
  }

  /**
   * What protects an association that begins now; the policy may grow stricter while it is open.
   */
  public SecurityContext context() {
    return SecurityContext.of(meterTitle, keys)
        .withPeer(clientTitle)
        .withSuite(suite)
        .withPolicy(policy::get)
        .withPairs(credentials.keys(clientTitle));
  }

  public byte[] meterTitle() {
    return meterTitle.clone();
  }

  public byte[] clientTitle() {
    return clientTitle.clone();
  }

  public SecuritySuite suite() {
    return suite;
  }

  public SecurityPolicy policy() {
    return policy.get();
  }

  public MeterCredentials credentials() {
    return credentials;
  }

  /**
   * Makes the policy stricter.
   *
   * @return false, and nothing changes, where it would ask for less than before, or for signatures
   *     that the suite does not know
   */
  public synchronized boolean activate(SecurityPolicy next) {
    boolean signs = next.signs(Direction.REQUEST) || next.signs(Direction.RESPONSE);
    if (!next.isAtLeast(policy.get()) || (signs && suite.curve().isEmpty())) {
      return false;
    }
    kept.accept(next);
    policy.set(next);
    return true;
  }

  /**
   * Takes new keys, wrapped with the master key: all or none. They wait beside those in use until
   * something under them proves genuine.
   *
   * @throws DlmsException UNAUTHENTICATED where one is not genuine; NO_KEY without a master key
   */
  public void transfer(Map<GlobalKey, byte[]> wrapped) throws DlmsException {
    Map<GlobalKey, byte[]> unwrapped = new EnumMap<>(GlobalKey.class);
    for (var key : wrapped.entrySet()) {
      unwrapped.put(key.getKey(), keys.unwrap(key.getValue(), suite.keyLength()));
    }
    keys.stage(unwrapped);
    unwrapped.values().forEach(key -> Arrays.fill(key, (byte) 0));
  }

  /**
   * Agrees on new keys by the ephemeral unified model, C(2e, 0s): all or none. They wait as those
   * of {@link #transfer} do.
   *
   * @param offered for each key the client's ephemeral public key and its signature
   * @return for each key the meter's
   * @throws DlmsException UNAUTHENTICATED where a signature or point is wrong; NO_KEY where a pair
   *     or the client's certificate is missing
   */
  public Map<GlobalKey, byte[]> agree(Map<GlobalKey, byte[]> offered) throws DlmsException {
    AsymmetricKeys pairs = credentials.keys(clientTitle);
    EllipticCurve curve = suite.requireCurve();
    Map<GlobalKey, byte[]> answers = new EnumMap<>(GlobalKey.class);
    Map<GlobalKey, byte[]> agreed = new EnumMap<>(GlobalKey.class);
    for (var offer : offered.entrySet()) {
      GlobalKey which = offer.getKey();
      ECPublicKey theirs =
          KeyOffer.open(curve, which, offer.getValue(), pairs.requirePeerSigning());
      KeyPair ours = curve.generate();
      answers.put(which, KeyOffer.make(curve, which, ours, pairs.requireSigning()));
      agreed.put(
          which,
          KeyAgreement.ephemeral(
              suite,
              (ECPrivateKey) ours.getPrivate(),
              theirs,
              clientTitle,
              meterTitle,
              KeyOffer.purpose(which)));
    }
    keys.stage(agreed);
    agreed.values().forEach(key -> Arrays.fill(key, (byte) 0));
    return answers;
  }

  @Override
  public String toString() {
    return "MeterSecurity[" + suite + "]";
  }
}
