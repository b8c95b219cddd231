package org.gridwarden.channel.zigbee;

/** The numbers of Smart Energy's clusters and attributes that are used. */
final class Clusters {
  static final int PROFILE = 0x0109;
  static final int ENDPOINT = 1;

  static final int TIME = 0x000A;
  static final int ALARMS = 0x0009;
  static final int PRICE = 0x0700;
  static final int LOAD_CONTROL = 0x0701;
  static final int MESSAGING = 0x0703;
  static final int PREPAYMENT = 0x0705;
  static final int METERING = 0x0702;
  static final int TUNNELING = 0x0704;
  static final int KEY_ESTABLISHMENT = 0x0800;
  static final int UPGRADE = 0x0019;
  static final int MEASUREMENT = 0x0B04;

  static final int SUMMATION = 0x0000;
  static final int SNAPSHOT_TIME = 0x0007;
  static final int STATUS = 0x0200;
  static final int UNIT = 0x0300;
  static final int MULTIPLIER = 0x0301;
  static final int DIVISOR = 0x0302;
  static final int DEMAND = 0x0400;

  static final int VOLTAGE = 0x0505;
  static final int VOLTAGE_MULTIPLIER = 0x0600;
  static final int VOLTAGE_DIVISOR = 0x0601;

  static final int DEVICE_ANNOUNCE = 0x0013;
  static final int PERMIT_JOINING = 0x0036;

  private Clusters() {}
}
