package org.gridwarden.security;

import java.time.ZoneId;
import java.util.HexFormat;
import org.gridwarden.core.Meter;
import org.gridwarden.core.Meter.PushPolicy;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Reach;
import org.gridwarden.core.Signing;

/**
 * One meter of a shipment, well-formed by itself.
 *
 * @param line where it begins in its file, from 1
 * @param meter its id: the serial, unless the shipment names another
 * @param serial the maker's number
 * @param systemTitle 8 bytes, or none for a meter that speaks no DLMS
 * @param profile the profile file that describes it
 * @param servicePoint where it is mounted; empty where that is not known
 * @param zone where its civil days are cut
 * @param policy the least security its pushes must have
 * @param keyId names this version of its keys, 1 to 16 bytes; empty where it has none
 * @param encryption the global unicast encryption key (GUEK)
 * @param authentication the global authentication key (GAK)
 * @param broadcast the global broadcast encryption key (GBEK)
 * @param reach how it is reached where it is read
 * @param feeder what it hangs on; empty where that is not known
 * @param receiptKey with what it signs receipts: a SubjectPublicKeyInfo on P-256; empty for one
 *     that cannot sign
 * @param seal the key under which the head-end seals commands for it
 * @param master its key encryption key, under which new keys are wrapped on their way to it
 * @param message from which the keys of its secured messages are derived
 * @param signing in which form it has operators' signatures checked
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record ShipmentLine(
    int line,
    MeterId meter,
    String serial,
    byte[] systemTitle,
    String profile,
    String servicePoint,
    ZoneId zone,
    PushPolicy policy,
    byte[] keyId,
    ShippedKey encryption,
    ShippedKey authentication,
    ShippedKey broadcast,
    Reach reach,
    String feeder,
    byte[] receiptKey,
    ShippedKey seal,
    ShippedKey master,
    ShippedKey message,
    Signing signing) {
  public ShipmentLine {
    systemTitle = systemTitle.clone();
    keyId = keyId.clone();
    receiptKey = receiptKey.clone();
  }

  @Override
  public byte[] systemTitle() {
    return systemTitle.clone();
  }

  @Override
  public byte[] keyId() {
    return keyId.clone();
  }

  @Override
  public byte[] receiptKey() {
    return receiptKey.clone();
  }

  /** As what the directory holds of it, in service. */
  public Meter asMeter() {
    return new Meter(
        meter, serial, systemTitle, profile, zone, Meter.State.ACTIVE, policy, reach, signing);
  }

  @Override
  public String toString() {
    return "line " + line + ": " + meter + " " + HexFormat.of().formatHex(systemTitle);
  }
}
