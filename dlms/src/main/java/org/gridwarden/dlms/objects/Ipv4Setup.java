package org.gridwarden.dlms.objects;

import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.Service;

/**
 * IPv4 setup (class 42, version 0, IEC 62056-6-2 clause 4.9.2). Addresses are double-long-unsigned:
 * 192.0.2.1 is 0xC0000201. Thread-safe: each attribute is one value, multicast addresses are added
 * and removed one after the other.
 */
public final class Ipv4Setup extends InterfaceObject {
  private static final AttributeType NO_PARAMETER =
      AttributeType.choice(AttributeType.integer(-128, 127), AttributeType.nothing());
  // IP_Option_Type, IP_Option_Length, IP_Option_Data (RFC 791, clause 3.1)
  private static final AttributeType OPTION =
      AttributeType.structure(
          AttributeType.unsigned(), AttributeType.unsigned(), AttributeType.octets(0, 40));

  private final TypedAttribute address;
  private final TypedAttribute multicast;

  /**
   * @param dataLink the layer below, a PPP or MAC address setup
   * @param address its own, by the client's or the network's will
   * @param dhcp whether the network gives the address
   */
  public Ipv4Setup(ObisCode logicalName, ObisCode dataLink, long address, boolean dhcp) {
    super(42, 0, logicalName, 10, 3);
    stored(2, AttributeType.reference(), DlmsData.OctetString.of(dataLink));
    this.address = stored(3, Internet.ipv4(), new DlmsData.DoubleLongUnsigned(address));
    this.multicast =
        stored(4, AttributeType.array(Internet.ipv4(), Internet.MOST_ADDRESSES), Internet.empty());
    stored(5, AttributeType.array(OPTION, 10), Internet.empty());
    stored(6, Internet.ipv4(), Internet.none()); // subnet_mask
    stored(7, Internet.ipv4(), Internet.none()); // gateway_IP_address
    stored(8, AttributeType.bool(), new DlmsData.Bool(dhcp));
    stored(9, Internet.ipv4(), Internet.none()); // primary_DNS_address
    stored(10, Internet.ipv4(), Internet.none()); // secondary_DNS_address
    method(1, Internet.ipv4(), multicast::add);
    method(2, Internet.ipv4(), multicast::remove);
    method(3, this::count);
  }

  /** The address, 0 where there is none. */
  public long address() {
    return address.number();
  }

  /** The device's own word where the network gave it an address. */
  public void address(long given) {
    address.put(new DlmsData.DoubleLongUnsigned(given));
  }

  /** 3, get_nbof_mc_IP_addresses. */
  private Service.Invoked count(Optional<DlmsData> parameters) {
    return NO_PARAMETER.fits(parameters.orElse(DlmsData.NullData.of()))
        ? returning(new DlmsData.LongUnsigned(multicast.elements().size()))
        : result(AccessResult.TYPE_UNMATCHED);
  }
}
