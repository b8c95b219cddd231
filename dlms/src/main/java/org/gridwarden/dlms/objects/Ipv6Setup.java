package org.gridwarden.dlms.objects;

import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;

/**
 * IPv6 setup (class 48, version 0, IEC 62056-6-2 clause 4.9.3). Addresses are octet strings of 16
 * bytes. Thread-safe: each attribute is one value, addresses are added and removed one after the
 * other.
 */
public final class Ipv6Setup extends InterfaceObject {
  private static final int MANUAL = 2;
  private static final int NEIGHBOUR_DISCOVERY = 3;
  private static final int UNICAST = 0;
  private static final int GATEWAY = 2;
  private static final AttributeType ADDRESS = AttributeType.octets(16, 16);
  private static final AttributeType ADDRESSES =
      AttributeType.array(ADDRESS, Internet.MOST_ADDRESSES);
  // neighbor_discovery_max_retry, _retry_wait_time in ms, _send_period in s
  private static final AttributeType DISCOVERY =
      AttributeType.array(
          AttributeType.structure(
              AttributeType.unsigned(),
              AttributeType.longUnsigned(),
              AttributeType.doubleLongUnsigned()),
          4);
  private static final AttributeType TYPED_ADDRESS =
      AttributeType.structure(AttributeType.enumerated(GATEWAY), ADDRESS);

  private final List<TypedAttribute> lists;

  /**
   * @param dataLink the layer below
   */
  public Ipv6Setup(ObisCode logicalName, ObisCode dataLink) {
    super(48, 0, logicalName, 10, 2);
    stored(2, AttributeType.reference(), DlmsData.OctetString.of(dataLink));
    // 0 auto-configuration, 1 DHCPv6, 2 manual, 3 neighbour discovery
    TypedAttribute mode =
        stored(3, AttributeType.enumerated(NEIGHBOUR_DISCOVERY), new DlmsData.Enumerated(0));
    this.lists =
        List.of(
            stored(4, ADDRESSES, Internet.empty()), // unicast_IPv6_addresses
            stored(5, ADDRESSES, Internet.empty()), // multicast_IPv6_addresses
            stored(6, ADDRESSES, Internet.empty())); // gateway_IPv6_addresses
    stored(7, Internet.ipv6OrNone(), Internet.noOctets()); // primary_DNS_address
    stored(8, Internet.ipv6OrNone(), Internet.noOctets()); // secondary_DNS_address
    stored(9, AttributeType.unsigned(0, 63), new DlmsData.Unsigned8(0)); // traffic_class
    stored(10, DISCOVERY, Internet.empty());
    method(
        1,
        TYPED_ADDRESS,
        data -> {
          // the network's own configuration gives the unicast addresses in the other modes
          boolean closed = list(data) == UNICAST && mode.number() != MANUAL;
          return closed ? AccessResult.READ_WRITE_DENIED : lists.get(list(data)).add(address(data));
        });
    method(2, TYPED_ADDRESS, data -> lists.get(list(data)).remove(address(data)));
  }

  private static int list(DlmsData data) {
    return ((DlmsData.Enumerated) ((DlmsData.Structure) data).get(0)).value();
  }

  private static DlmsData address(DlmsData data) {
    return ((DlmsData.Structure) data).get(1);
  }
}
