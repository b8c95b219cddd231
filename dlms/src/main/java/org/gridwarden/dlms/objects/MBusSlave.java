package org.gridwarden.dlms.objects;

import java.util.List;
import java.util.Optional;
import org.gridwarden.dlms.DlmsData;

/**
 * A device on the meter's M-Bus: a port that the bus's owner implements. Called by one thread at a
 * time, with the M-Bus client's monitor held: it does not call back. Each answers false or empty
 * where the device did not.
 */
public interface MBusSlave {
  /** Data and value information block, by which M-Bus names a value (EN 13757-3). */
  record Definition(DlmsData.OctetString dataInformation, DlmsData.OctetString valueInformation) {}

  /**
   * Who the device is.
   *
   * @param identification its number, eight digits as BCD, 0 to 2^32 - 1
   * @param manufacturer three letters packed, 0 to 65,535
   * @param version 0 to 255
   * @param deviceType the medium, 0 to 255
   */
  record Identity(long identification, int manufacturer, int version, int deviceType) {}

  /**
   * What the header of an answer says.
   *
   * @param accessNumber 0 to 255
   * @param status 0 to 255
   * @param alarm 0 to 255
   */
  record Header(int accessNumber, int status, int alarm) {}

  /** Asks the device at the primary address who it is. */
  Optional<Identity> find(int primaryAddress);

  /** Forgets the device. */
  void forget();

  /** Reads the device; its values go where the bus's owner keeps them. */
  Optional<Header> capture(List<Definition> definitions);

  boolean resetAlarm();

  boolean synchronizeClock();

  /** Sends data to the device, a value for each definition. */
  boolean send(List<Definition> definitions, List<DlmsData> values);

  /** Hands the device a new encryption key, wrapped by its default key. */
  boolean transferKey(byte[] wrapped);

  /** The key that the meter itself shall use from now on; empty: none. */
  void useKey(byte[] key);
}
