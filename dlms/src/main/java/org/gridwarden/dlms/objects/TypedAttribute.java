package org.gridwarden.dlms.objects;

import java.util.ArrayList;
import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.DlmsData;

/**
 * An attribute that holds what it is given, as long as that fits its type; else it refuses and
 * keeps what it has. Thread-safe: a reader sees a whole value, changes happen one after the other.
 */
public final class TypedAttribute {
  private final AttributeType type;
  private volatile DlmsData value;

  /**
   * @throws IllegalArgumentException where the value does not fit the type
   */
  public TypedAttribute(AttributeType type, DlmsData initial) {
    if (!type.fits(initial)) {
      throw new IllegalArgumentException(initial.typeName() + ": " + type.check(initial));
    }
    this.type = type;
    this.value = owned(initial);
  }

  /** What it holds. */
  public DlmsData value() {
    return value;
  }

  /** Takes a new value, or says why not. */
  public synchronized AccessResult set(DlmsData next) {
    AccessResult result = type.check(next);
    if (result.isSuccess()) {
      value = owned(next);
    }
    return result;
  }

  /**
   * The device's own word.
   *
   * @throws IllegalArgumentException where it does not fit the type
   */
  public void put(DlmsData next) {
    AccessResult result = set(next);
    if (!result.isSuccess()) {
      throw new IllegalArgumentException(next.typeName() + ": " + result);
    }
  }

  /** The whole number that it holds. */
  public long number() {
    return ((DlmsData.Whole) value).asLong();
  }

  /** The bytes that it holds, a copy. */
  public byte[] bytes() {
    return ((DlmsData.OctetString) value).bytes();
  }

  /** The elements of the array or structure that it holds. */
  public List<DlmsData> elements() {
    return ((DlmsData.Composite) value).elements();
  }

  /** Adds an element to the array that it holds, at its end; one that is there stays once. */
  public synchronized AccessResult add(DlmsData element) {
    if (elements().contains(element)) {
      return AccessResult.SUCCESS;
    }
    List<DlmsData> next = new ArrayList<>(elements());
    next.add(element);
    return set(DlmsData.Array.of(next));
  }

  /** Removes an element of the array that it holds; OBJECT_UNDEFINED where it is not there. */
  public synchronized AccessResult remove(DlmsData element) {
    List<DlmsData> next = new ArrayList<>(elements());
    return next.remove(element) ? set(DlmsData.Array.of(next)) : AccessResult.OBJECT_UNDEFINED;
  }

  /**
   * The same value, with bytes of its own: a decoded octet string is a window on its APDU, which it
   * would keep alive.
   */
  static DlmsData owned(DlmsData data) {
    return switch (data) {
      case DlmsData.OctetString s -> DlmsData.OctetString.of(s.bytes());
      case DlmsData.Array a -> DlmsData.Array.of(owned(a.elements()));
      case DlmsData.Structure s -> DlmsData.Structure.of(owned(s.elements()));
      case DlmsData.CompactArray c -> DlmsData.CompactArray.of(c.type(), owned(c.elements()));
      default -> data;
    };
  }

  private static List<DlmsData> owned(List<DlmsData> elements) {
    return elements.stream().map(TypedAttribute::owned).toList();
  }

  /** The logical name that six bytes are; the type has seen to it that they are six. */
  static ObisCode name(DlmsData data) {
    return ObisCode.of(((DlmsData.OctetString) data).bytes(), 0);
  }
}
