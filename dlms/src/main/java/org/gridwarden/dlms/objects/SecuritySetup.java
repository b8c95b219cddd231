package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsData.OctetString;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.security.CertificateInfo;
import org.gridwarden.dlms.security.GlobalKey;
import org.gridwarden.dlms.security.MeterSecurity;
import org.gridwarden.dlms.security.SecurityPolicy;

/**
 * Security setup (class 64, version 1; IEC 62056-6-2, clause 4.4.7): shows a client how its
 * associations are protected, and lets it make that stricter and change keys and certificates. A
 * method that is refused changes nothing. Thread-safe.
 */
public final class SecuritySetup extends InterfaceObject {
  /** The class id. */
  public static final int CLASS_ID = 64;

  /** What a method does, or why not. */
  private interface Act {
    Service.Invoked with(DlmsData parameter) throws DlmsException;
  }

  private static final int BY_ENTITY = 0;
  private static final int BY_SERIAL = 1;

  private final MeterSecurity security;

  public SecuritySetup(ObisCode logicalName, MeterSecurity security) {
    super(CLASS_ID, 1, logicalName, 6, 8);
    this.security = security;
    attribute(2, () -> new DlmsData.Enumerated(security.policy().bits()));
    attribute(3, () -> new DlmsData.Enumerated(security.suite().number()));
    attribute(4, () -> OctetString.of(security.clientTitle()));
    attribute(5, () -> OctetString.of(security.meterTitle()));
    attribute(6, this::certificates);
    act(1, this::activate);
    act(2, this::transfer);
    act(3, this::agree);
    act(4, this::generate);
    act(5, this::request);
    act(6, this::add);
    act(7, this::export);
    act(8, this::remove);
  }

  private void act(int number, Act act) {
    method(
        number,
        parameters -> {
          try {
            return parameters.isEmpty()
                ? result(AccessResult.TYPE_UNMATCHED)
                : act.with(parameters.get());
          } catch (DlmsException e) {
            return result(
                switch (e.kind()) {
                  case MALFORMED -> AccessResult.TYPE_UNMATCHED;
                  case UNAUTHENTICATED -> AccessResult.READ_WRITE_DENIED;
                  case UNSUPPORTED, NO_KEY -> AccessResult.OTHER_REASON;
                });
          }
        });
  }

  // --- policy and keys

  private Service.Invoked activate(DlmsData parameter) throws DlmsException {
    SecurityPolicy next;
    try {
      next = new SecurityPolicy(enumerated(parameter));
    } catch (IllegalArgumentException e) {
      return result(AccessResult.OTHER_REASON);
    }
    return result(security.activate(next) ? AccessResult.SUCCESS : AccessResult.READ_WRITE_DENIED);
  }

  private Service.Invoked transfer(DlmsData parameter) throws DlmsException {
    security.transfer(keys(parameter));
    return done();
  }

  private Service.Invoked agree(DlmsData parameter) throws DlmsException {
    List<DlmsData> answers = new ArrayList<>();
    security
        .agree(keys(parameter))
        .forEach((key, data) ->
            answers.add(
                DlmsData.Structure.of(new DlmsData.Enumerated(key.id()), OctetString.of(data))));
    return returning(DlmsData.Array.of(answers));
  }

  /** An array of structures of key_id and octets, each key at most once. */
  private static Map<GlobalKey, byte[]> keys(DlmsData parameter) throws DlmsException {
    if (!(parameter instanceof DlmsData.Array list)
        || list.size() == 0
        || list.size() > GlobalKey.values().length) {
      throw unmatched();
    }
    Map<GlobalKey, byte[]> keys = new EnumMap<>(GlobalKey.class);
    for (DlmsData element : list.elements()) {
      DlmsData.Structure pair = structure(element, 2);
      GlobalKey key = GlobalKey.of(enumerated(pair.get(0))).orElseThrow(SecuritySetup::unmatched);
      if (keys.put(key, octets(pair.get(1))) != null) {
        throw unmatched();
      }
    }
    return keys;
  }

  // --- key pairs and certificates

  private Service.Invoked generate(DlmsData parameter) throws DlmsException {
    security.credentials().generate(type(parameter));
    return done();
  }

  private Service.Invoked request(DlmsData parameter) throws DlmsException {
    return returning(OctetString.of(security.credentials().request(type(parameter))));
  }

  private Service.Invoked add(DlmsData parameter) throws DlmsException {
    security.credentials().add(octets(parameter));
    return done();
  }

  private Service.Invoked export(DlmsData parameter) throws DlmsException {
    Optional<CertificateInfo> found = security.credentials().find(identified(parameter));
    return found.isPresent()
        ? returning(OctetString.of(found.get().encoded()))
        : result(AccessResult.OBJECT_UNAVAILABLE);
  }

  private Service.Invoked remove(DlmsData parameter) throws DlmsException {
    return result(
        security.credentials().remove(identified(parameter))
            ? AccessResult.SUCCESS
            : AccessResult.OBJECT_UNAVAILABLE);
  }

  /**
   * certificate_identification: by owner, type and system title, or by serial number and issuer.
   */
  private Predicate<CertificateInfo> identified(DlmsData parameter) throws DlmsException {
    DlmsData.Structure choice = structure(parameter, 2);
    return switch (enumerated(choice.get(0))) {
      case BY_ENTITY -> owned(structure(choice.get(1), 3));
      case BY_SERIAL -> numbered(structure(choice.get(1), 2));
      default -> throw unmatched();
    };
  }

  private Predicate<CertificateInfo> owned(DlmsData.Structure by) throws DlmsException {
    int entity = enumerated(by.get(0));
    int type = enumerated(by.get(1));
    byte[] title = octets(by.get(2));
    return known ->
        entity(known).id() == entity
            && known.type().id() == type
            && (title.length == 0 || known.isOf(title));
  }

  private static Predicate<CertificateInfo> numbered(DlmsData.Structure by) throws DlmsException {
    OctetString serial = OctetString.of(octets(by.get(0)));
    OctetString issuer = OctetString.of(octets(by.get(1)));
    return known ->
        OctetString.of(known.serialNumber()).equals(serial)
            && OctetString.of(known.issuer()).equals(issuer);
  }

  private CertificateInfo.Entity entity(CertificateInfo certificate) {
    return security.credentials().entity(certificate, security.clientTitle());
  }

  private DlmsData certificates() {
    List<DlmsData> list = new ArrayList<>();
    for (CertificateInfo known : security.credentials().content().certificates()) {
      list.add(
          DlmsData.Structure.of(
              new DlmsData.Enumerated(entity(known).id()),
              new DlmsData.Enumerated(known.type().id()),
              OctetString.of(known.serialNumber()),
              OctetString.of(known.issuer()),
              OctetString.of(known.subject()),
              OctetString.of(known.alternativeName())));
    }
    return DlmsData.Array.of(list);
  }

  // --- parameters

  private static CertificateInfo.Type type(DlmsData parameter) throws DlmsException {
    return CertificateInfo.Type.of(enumerated(parameter)).orElseThrow(SecuritySetup::unmatched);
  }

  private static int enumerated(DlmsData data) throws DlmsException {
    if (data instanceof DlmsData.Enumerated(int value)) {
      return value;
    }
    throw unmatched();
  }

  private static byte[] octets(DlmsData data) throws DlmsException {
    if (data instanceof OctetString octets) {
      return octets.bytes();
    }
    throw unmatched();
  }

  private static DlmsData.Structure structure(DlmsData data, int size) throws DlmsException {
    if (data instanceof DlmsData.Structure structure && structure.size() == size) {
      return structure;
    }
    throw unmatched();
  }

  private static DlmsException unmatched() {
    return new DlmsException(
        DlmsException.Kind.MALFORMED, 0, "the parameter is not of the method's type");
  }
}
