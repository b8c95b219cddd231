package org.gridwarden.dlms.objects;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsData;

/**
 * Parameter monitor (class 65, version 1, IEC 62056-6-2 clause 4.5.10): which parameters are
 * watched, which of them changed last, and a digest over the values of all. Thread-safe: changes
 * hold the object's monitor; values are read without it.
 */
public final class ParameterMonitor extends InterfaceObject {
  private static final int MOST = 128;
  private static final AttributeType PARAMETER =
      AttributeType.structure(
          AttributeType.longUnsigned(), AttributeType.octets(6, 6), AttributeType.integer(1, 127));
  // by hash_algorithm_id
  private static final List<String> ALGORITHMS = List.of("SHA-1", "SHA-256", "SHA-384", "SHA-512");
  private static final int SHA_256 = 1;

  private final Function<AttributeRef, DlmsData> read;
  private final TypedAttribute parameters;
  private final TypedAttribute algorithm;
  private DlmsData changed;
  private CosemDateTime captured = CosemDateTime.UNSPECIFIED;

  /**
   * @param list the list's name, at most 64 ASCII characters
   * @param read a parameter's value as it is now; null-data where there is none
   */
  public ParameterMonitor(
      ObisCode logicalName, String list, Function<AttributeRef, DlmsData> read) {
    super(65, 1, logicalName, 8, 2);
    this.read = read;
    this.changed = element(new AttributeRef(0, new ObisCode(0), 0), DlmsData.NullData.of());
    attribute(2, this::changed);
    attribute(3, () -> new DlmsData.DateTime(captured()));
    this.parameters = stored(4, AttributeType.array(PARAMETER, MOST), DlmsData.Array.of());
    stored(
        5,
        AttributeType.octets(0, 64),
        DlmsData.OctetString.of(list.getBytes(StandardCharsets.US_ASCII)));
    this.algorithm =
        stored(
            6, AttributeType.enumerated(ALGORITHMS.size() - 1), new DlmsData.Enumerated(SHA_256));
    attribute(7, this::digest);
    attribute(8, this::values);
    method(1, PARAMETER, parameters::add);
    method(2, PARAMETER, parameters::remove);
  }

  /** Told of a parameter that was set; one that is not on the list is not kept. */
  public void changed(AttributeRef parameter, DlmsData value, CosemDateTime at) {
    if (parameters.elements().contains(reference(parameter))) {
      keep(element(parameter, TypedAttribute.owned(value)), at);
    }
  }

  private synchronized void keep(DlmsData element, CosemDateTime at) {
    changed = element;
    captured = at;
  }

  private synchronized DlmsData changed() {
    return changed;
  }

  private synchronized CosemDateTime captured() {
    return captured;
  }

  private static DlmsData reference(AttributeRef parameter) {
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(parameter.classId()),
        DlmsData.OctetString.of(parameter.instance()),
        new DlmsData.Integer8(parameter.attribute()));
  }

  private static DlmsData element(AttributeRef parameter, DlmsData value) {
    return DlmsData.Structure.of(
        new DlmsData.LongUnsigned(parameter.classId()),
        DlmsData.OctetString.of(parameter.instance()),
        new DlmsData.Integer8(parameter.attribute()),
        value);
  }

  /** 8, parameter_values: in the order of the list. */
  private DlmsData values() {
    List<DlmsData> values = new ArrayList<>();
    for (DlmsData parameter : parameters.elements()) {
      DlmsData.Structure p = (DlmsData.Structure) parameter;
      values.add(
          read.apply(
              new AttributeRef(
                  ((DlmsData.LongUnsigned) p.get(0)).value(),
                  TypedAttribute.name(p.get(1)),
                  ((DlmsData.Integer8) p.get(2)).value())));
    }
    return DlmsData.Structure.of(values);
  }

  /** 7, parameter_value_digest: over parameter_values as encoded. */
  private DlmsData digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance(ALGORITHMS.get((int) algorithm.number()));
      return DlmsData.OctetString.of(digest.digest(Axdr.encode(values())));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The parameters that are watched, for who wires {@link #changed}. */
  public AccessResult watch(AttributeRef parameter) {
    return parameters.add(reference(parameter));
  }
}
