package org.gridwarden.dlms.client;

import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.security.AsymmetricKeys;
import org.gridwarden.dlms.security.CertificateInfo;
import org.gridwarden.dlms.security.EllipticCurve;
import org.gridwarden.dlms.security.GlobalKey;
import org.gridwarden.dlms.security.KeyAgreement;
import org.gridwarden.dlms.security.KeyOffer;
import org.gridwarden.dlms.security.KeyRing;
import org.gridwarden.dlms.security.SecurityContext;
import org.gridwarden.dlms.security.SecurityPolicy;

/**
 * The methods of a meter's Security setup (class 64, version 1; IEC 62056-6-2), as a client calls
 * them. New keys wait in the client's key ring as they do in the meter's: open the next association
 * with {@link SecurityContext#withNewKeys} and, where the meter refuses that, once more with those
 * in use. The first answer under the new ones confirms them on both sides. One thread at a time.
 */
public final class SecuritySetupCalls {
  private static final int CLASS_ID = 64;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Association association;
  private final ObisCode name;

  /**
   * @param name the object's logical name, for instance 0.0.43.0.0.255
   */
  public SecuritySetupCalls(Association association, ObisCode name) {
    this.association = association;
    this.name = name;
  }

  /** security_activate: makes the policy stricter. */
  public AccessResult activate(SecurityPolicy policy)
      throws IOException, DlmsException, AssociationRefused {
    return call(1, new DlmsData.Enumerated(policy.bits())).result();
  }

  /**
   * key_transfer: gives the meter new keys, drawn at random and wrapped with the master key. They
   * are kept in the ring before they are sent, and withdrawn where the meter refuses them. Where no
   * answer comes they stay: the meter may have them.
   *
   * @param context the client's side, whose keys are changed
   */
  public AccessResult transfer(SecurityContext context, Set<GlobalKey> which)
      throws IOException, DlmsException, AssociationRefused {
    KeyRing ring = context.keys();
    Map<GlobalKey, byte[]> keys = new EnumMap<>(GlobalKey.class);
    List<DlmsData> wrapped = new ArrayList<>();
    for (GlobalKey key : which) {
      byte[] fresh = new byte[context.suite().keyLength()];
      RANDOM.nextBytes(fresh);
      keys.put(key, fresh);
      wrapped.add(
          DlmsData.Structure.of(
              new DlmsData.Enumerated(key.id()), OctetString.of(ring.wrap(fresh))));
    }
    ring.stage(keys);
    keys.values().forEach(key -> Arrays.fill(key, (byte) 0));
    AccessResult result = call(2, DlmsData.Array.of(wrapped)).result();
    if (!result.isSuccess()) {
      ring.withdraw();
    }
    return result;
  }

  /**
   * key_agreement: agrees with the meter on new keys by the ephemeral unified model, C(2e, 0s).
   *
   * @param context the client's side, with its key for digital signatures and the meter's
   * @param meterTitle the meter's system title, 8 bytes
   * @throws DlmsException UNAUTHENTICATED where the meter's part is not genuine
   */
  public AccessResult agree(SecurityContext context, byte[] meterTitle, Set<GlobalKey> which)
      throws IOException, DlmsException, AssociationRefused {
    EllipticCurve curve = context.suite().requireCurve();
    AsymmetricKeys pairs = context.pairs();
    ECPrivateKey signing = pairs.signing().orElseThrow(() -> missing("our own"));
    ECPublicKey theirs = pairs.peerSigning().orElseThrow(() -> missing("the meter's"));
    Map<GlobalKey, KeyPair> ephemeral = new EnumMap<>(GlobalKey.class);
    List<DlmsData> offers = new ArrayList<>();
    for (GlobalKey key : which) {
      KeyPair pair = curve.generate();
      ephemeral.put(key, pair);
      offers.add(
          DlmsData.Structure.of(
              new DlmsData.Enumerated(key.id()),
              OctetString.of(KeyOffer.make(curve, key, pair, signing))));
    }
    Service.Invoked answer = call(3, DlmsData.Array.of(offers));
    if (!answer.result().isSuccess()) {
      return answer.result();
    }
    Map<GlobalKey, byte[]> agreed = new EnumMap<>(GlobalKey.class);
    for (var offer : offered(answer).entrySet()) {
      GlobalKey key = offer.getKey();
      KeyPair own = ephemeral.remove(key);
      if (own == null) {
        throw Exchange.broken("the meter agrees on a key that it was not asked for");
      }
      agreed.put(
          key,
          KeyAgreement.ephemeral(
              context.suite(),
              (ECPrivateKey) own.getPrivate(),
              KeyOffer.open(curve, key, offer.getValue(), theirs),
              context.ownTitle(),
              meterTitle,
              KeyOffer.purpose(key)));
    }
    if (!ephemeral.isEmpty()) {
      throw Exchange.broken("the meter agrees on fewer keys than it was asked for");
    }
    context.keys().stage(agreed);
    agreed.values().forEach(key -> Arrays.fill(key, (byte) 0));
    return answer.result();
  }

  private static DlmsException missing(String whose) {
    return new DlmsException(
        DlmsException.Kind.NO_KEY, 0, whose + " key for digital signatures is not given");
  }

  private static Map<GlobalKey, byte[]> offered(Service.Invoked answer) throws DlmsException {
    Map<GlobalKey, byte[]> offered = new EnumMap<>(GlobalKey.class);
    if (answer.returned().orElse(null) instanceof Outcome.Value(DlmsData.Array list)) {
      for (DlmsData element : list.elements()) {
        if (element instanceof DlmsData.Structure pair
            && pair.size() == 2
            && pair.get(0) instanceof DlmsData.Enumerated(int id)
            && pair.get(1) instanceof OctetString data
            && GlobalKey.of(id).isPresent()) {
          offered.put(GlobalKey.of(id).get(), data.bytes());
        } else {
          throw Exchange.broken("the meter's part of a key agreement is none");
        }
      }
    }
    return offered;
  }

  /** generate_key_pair: the meter makes a pair, which waits for its certificate. */
  public AccessResult generateKeyPair(CertificateInfo.Type type)
      throws IOException, DlmsException, AssociationRefused {
    return call(4, new DlmsData.Enumerated(type.id())).result();
  }

  /** generate_certificate_request: PKCS #10 in DER, for an authority. */
  public Outcome certificateRequest(CertificateInfo.Type type)
      throws IOException, DlmsException, AssociationRefused {
    return value(call(5, new DlmsData.Enumerated(type.id())));
  }

  /** import_certificate: gives the meter a certificate in DER. */
  public AccessResult importCertificate(byte[] der)
      throws IOException, DlmsException, AssociationRefused {
    return call(6, OctetString.of(der)).result();
  }

  /** export_certificate: a certificate in DER. */
  public Outcome exportCertificate(
      CertificateInfo.Entity entity, CertificateInfo.Type type, byte[] systemTitle)
      throws IOException, DlmsException, AssociationRefused {
    return value(call(7, owned(entity, type, systemTitle)));
  }

  /** export_certificate by what an issuer calls it. */
  public Outcome exportCertificate(byte[] serialNumber, byte[] issuer)
      throws IOException, DlmsException, AssociationRefused {
    return value(call(7, numbered(serialNumber, issuer)));
  }

  /** remove_certificate. */
  public AccessResult removeCertificate(byte[] serialNumber, byte[] issuer)
      throws IOException, DlmsException, AssociationRefused {
    return call(8, numbered(serialNumber, issuer)).result();
  }

  private static DlmsData owned(
      CertificateInfo.Entity entity, CertificateInfo.Type type, byte[] systemTitle) {
    return DlmsData.Structure.of(
        new DlmsData.Enumerated(0),
        DlmsData.Structure.of(
            new DlmsData.Enumerated(entity.id()),
            new DlmsData.Enumerated(type.id()),
            OctetString.of(systemTitle)));
  }

  private static DlmsData numbered(byte[] serialNumber, byte[] issuer) {
    return DlmsData.Structure.of(
        new DlmsData.Enumerated(1),
        DlmsData.Structure.of(OctetString.of(serialNumber), OctetString.of(issuer)));
  }

  private static Outcome value(Service.Invoked answer) {
    return answer.result().isSuccess()
        ? answer.returned().orElse(new Outcome.Refused(AccessResult.OTHER_REASON))
        : new Outcome.Refused(answer.result());
  }

  private Service.Invoked call(int method, DlmsData parameter)
      throws IOException, DlmsException, AssociationRefused {
    return association.action(new MethodRef(CLASS_ID, name, method), Optional.of(parameter));
  }
}
