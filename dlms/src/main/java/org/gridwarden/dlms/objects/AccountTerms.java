package org.gridwarden.dlms.objects;

import java.util.List;
import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.DlmsData;

/**
 * What an account's operator sets: thresholds, which charge is collected from which credit, and how
 * top-ups are shared (IEC 62056-6-2 clause 4.6.2). Thread-safe: each is one volatile value.
 */
final class AccountTerms {
  /** When a charge is collected from a credit. */
  record Collection(boolean disconnected, boolean loadLimited, boolean friendlyCredit) {}

  /** How a charge is collected that no configuration names: always, but while disconnected. */
  private static final Collection COMMON = new Collection(false, true, true);

  private static final int MOST = 32;
  private static final AttributeType AMOUNT = AttributeType.doubleLong();
  private static final AttributeType NAME = AttributeType.octets(6, 6);
  // credit_reference, charge_reference, collection_configuration
  private static final AttributeType COLLECTIONS =
      AttributeType.array(AttributeType.structure(NAME, NAME, AttributeType.bits(3, 3)), MOST);
  // credit_reference, token_proportion in percent
  private static final AttributeType GATEWAY =
      AttributeType.array(AttributeType.structure(NAME, AttributeType.unsigned(0, 100)), MOST);

  private final TypedAttribute clearance = amount();
  private final TypedAttribute collections = new TypedAttribute(COLLECTIONS, DlmsData.Array.of());
  private final TypedAttribute gateway =
      new TypedAttribute(
          value ->
              !GATEWAY.fits(value) || total(value) <= 100
                  ? GATEWAY.check(value)
                  : AttributeType.OUT_OF_RANGE,
          DlmsData.Array.of());
  private final TypedAttribute lowCredit = amount();
  private final TypedAttribute nextCredit = amount();
  private final TypedAttribute maxProvision =
      new TypedAttribute(AttributeType.longUnsigned(), new DlmsData.LongUnsigned(0));
  private final TypedAttribute maxProvisionPeriod = amount();

  private static TypedAttribute amount() {
    return new TypedAttribute(AMOUNT, new DlmsData.DoubleLong(0));
  }

  /** All proportions; a credit that is named twice gets the first. */
  private static int total(DlmsData gateway) {
    return ((DlmsData.Array) gateway)
        .elements().stream()
            .mapToInt(e -> ((DlmsData.Unsigned8) ((DlmsData.Structure) e).get(1)).value())
            .sum();
  }

  TypedAttribute clearance() {
    return clearance;
  }

  TypedAttribute collections() {
    return collections;
  }

  TypedAttribute gateway() {
    return gateway;
  }

  TypedAttribute lowCredit() {
    return lowCredit;
  }

  TypedAttribute nextCredit() {
    return nextCredit;
  }

  TypedAttribute maxProvision() {
    return maxProvision;
  }

  TypedAttribute maxProvisionPeriod() {
    return maxProvisionPeriod;
  }

  /** When a charge is collected from a credit; empty: never, since it is from others. */
  Optional<Collection> collection(ObisCode charge, ObisCode credit) {
    DlmsData ofCharge = DlmsData.OctetString.of(charge);
    List<DlmsData.Structure> named =
        collections.elements().stream()
            .map(e -> (DlmsData.Structure) e)
            .filter(e -> e.get(1).equals(ofCharge))
            .toList();
    if (named.isEmpty()) {
      return Optional.of(COMMON);
    }
    DlmsData ofCredit = DlmsData.OctetString.of(credit);
    return named.stream()
        .filter(e -> e.get(0).equals(ofCredit))
        .findFirst()
        .map(e -> (DlmsData.BitString) e.get(2))
        .map(bits -> new Collection(bits.bit(0), bits.bit(1), bits.bit(2)));
  }

  /** A credit's share of top-ups, in percent. */
  int proportion(ObisCode credit) {
    DlmsData name = DlmsData.OctetString.of(credit);
    return gateway.elements().stream()
        .map(e -> (DlmsData.Structure) e)
        .filter(e -> e.get(0).equals(name))
        .findFirst()
        .map(e -> ((DlmsData.Unsigned8) e.get(1)).value())
        .orElse(0);
  }
}
