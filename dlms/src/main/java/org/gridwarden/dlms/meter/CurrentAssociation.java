package org.gridwarden.dlms.meter;

import java.util.Optional;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.objects.AssociationControl;
import org.gridwarden.dlms.objects.AssociationLn;
import org.gridwarden.dlms.objects.AssociationSn;
import org.gridwarden.dlms.objects.CosemObject;
import org.gridwarden.dlms.objects.Rights;
import org.jspecify.annotations.Nullable;

/**
 * The association in which a client asks: Association LN or SN, made when it is first asked for,
 * since most clients never do. One thread at a time.
 */
final class CurrentAssociation implements AssociationControl {
  /** Every client sees its own association under this name. */
  static final ObisCode NAME = AssociationLn.CURRENT;

  private final LogicalDevice device;
  private final LogicalDevice.ClientView view;
  private final Agreed agreed;
  private final Optional<ShortNameTable> names;
  private final Rights rights;
  private @Nullable CosemObject object;

  /**
   * @param greatest what the client may do with the device's objects at most
   * @param names the objects' short names where the client uses those
   */
  CurrentAssociation(
      LogicalDevice device,
      LogicalDevice.ClientView view,
      Agreed agreed,
      Rights greatest,
      Optional<ShortNameTable> names) {
    this.device = device;
    this.view = view;
    this.agreed = agreed;
    this.names = names;
    this.rights =
        names.isPresent() ? AssociationSn.rights(greatest) : AssociationLn.rights(greatest);
  }

  /** What the client may do with the association itself. */
  Rights rights() {
    return rights;
  }

  /** The association as the client sees it. */
  CosemObject object() {
    if (object == null) {
      object =
          names.isPresent()
              ? new AssociationSn(
                  NAME,
                  this,
                  names.get().objects(),
                  view.rights(),
                  view.users(),
                  device.securitySetup(),
                  rights)
              : new AssociationLn(
                  NAME, this, view.rights(), view.users(), device.securitySetup(), rights);
    }
    return object;
  }

  @Override
  public Agreed agreed() {
    return agreed;
  }

  /** Once an association is open nothing is left to prove. */
  @Override
  public Optional<byte[]> proves(byte[] proof) {
    return Optional.empty();
  }

  /** Secrets come from whoever made the device, and change there. */
  @Override
  public AccessResult secret(byte[] secret) {
    return AccessResult.READ_WRITE_DENIED;
  }
}
