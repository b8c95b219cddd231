package org.gridwarden.channel.zigbee;

import com.zsmartsystems.zigbee.ZigBeeChannel;
import com.zsmartsystems.zigbee.ZigBeeStatus;
import com.zsmartsystems.zigbee.dongle.ember.ZigBeeDongleEzsp;
import com.zsmartsystems.zigbee.dongle.ember.ezsp.structure.EmberNetworkStatus;
import com.zsmartsystems.zigbee.dongle.ember.ezsp.structure.EmberStatus;
import com.zsmartsystems.zigbee.dongle.ember.ezsp.structure.EzspConfigId;
import com.zsmartsystems.zigbee.dongle.ember.ezsp.structure.EzspDecisionId;
import com.zsmartsystems.zigbee.dongle.ember.ezsp.structure.EzspPolicyId;
import com.zsmartsystems.zigbee.dongle.xbee.ZigBeeDongleXBee;
import com.zsmartsystems.zigbee.security.ZigBeeKey;
import com.zsmartsystems.zigbee.transport.TransportConfig;
import com.zsmartsystems.zigbee.transport.TransportConfigOption;
import com.zsmartsystems.zigbee.transport.TrustCentreJoinMode;
import com.zsmartsystems.zigbee.transport.ZigBeePort;
import com.zsmartsystems.zigbee.transport.ZigBeeTransportTransmit;

/** What differs between the library's drivers. */
final class Dongles {
  /** Smart Energy's word for an office: it is the trust centre, has the time, gives prices. */
  static final int ENERGY_SERVICE_INTERFACE = 0x0500;

  /** Link keys that an Ember dongle keeps, one for each meter. */
  private static final int LINK_KEYS = 127;

  private Dongles() {}

  /** A driver, not opened. */
  static ZigBeeTransportTransmit driver(ZigbeeSettings.Type type, ZigBeePort port) {
    if (type == ZigbeeSettings.Type.XBEE) {
      return new ZigBeeDongleXBee(port);
    }
    EmberDongle dongle = new EmberDongle(port);
    dongle.updateDefaultConfiguration(EzspConfigId.EZSP_CONFIG_KEY_TABLE_SIZE, LINK_KEYS);
    dongle.updateDefaultPolicy(
        EzspPolicyId.EZSP_TC_KEY_REQUEST_POLICY, EzspDecisionId.EZSP_DENY_TC_KEY_REQUESTS);
    dongle.updateDefaultPolicy(
        EzspPolicyId.EZSP_TC_REJOINS_USING_WELL_KNOWN_KEY_POLICY,
        EzspDecisionId.EZSP_DISALLOW_ALL_JOINS_AND_REJOINS);
    return dongle;
  }

  /** Has nobody let in without a key of its own. */
  static void installCodesOnly(ZigBeeTransportTransmit dongle) {
    dongle.updateTransportConfig(
        new TransportConfig(
            TransportConfigOption.TRUST_CENTRE_JOIN_MODE, TrustCentreJoinMode.TC_JOIN_INSTALLCODE));
  }

  /** Has a device come with this key; a module that knows none lets in whoever has its own. */
  static boolean expect(ZigBeeTransportTransmit dongle, ZigBeeKey key) {
    if (dongle instanceof ZigBeeDongleXBee) {
      return true;
    }
    TransportConfig config = new TransportConfig(TransportConfigOption.INSTALL_KEY, key);
    dongle.updateTransportConfig(config);
    return config.getResult(TransportConfigOption.INSTALL_KEY) == ZigBeeStatus.SUCCESS;
  }

  /**
   * Puts a key into the dongle's table of link keys, in the place of the one that the device had;
   * an XBee module has no such table.
   */
  static boolean rekey(ZigBeeTransportTransmit dongle, Eui64 device, byte[] key) {
    if (!(dongle instanceof ZigBeeDongleEzsp ezsp)) {
      return false;
    }
    int[] values = new int[key.length];
    for (int i = 0; i < key.length; i++) {
      values[i] = key[i] & 0xFF;
    }
    try {
      return ezsp.getEmberNcp()
              .addOrUpdateKeyTableEntry(device.address(), new ZigBeeKey(values), true)
          == EmberStatus.EMBER_SUCCESS;
    } catch (RuntimeException e) {
      return false; // the driver trips over answers that do not come
    }
  }

  /** Whether the dongle answers, and its network is up. */
  static boolean alive(ZigBeeTransportTransmit dongle) {
    if (dongle instanceof ZigBeeDongleEzsp ezsp) {
      try {
        return ezsp.getEmberNcp().getNetworkState() == EmberNetworkStatus.EMBER_JOINED_NETWORK;
      } catch (RuntimeException e) {
        return false; // the driver gives null where nothing came, and trips over it
      }
    }
    return dongle.getZigBeeChannel() != ZigBeeChannel.UNKNOWN;
  }
}
