package org.gridwarden.mdm.proof;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * To whom a bill is made out. The bill holds a salted commitment to it; where it is erased, bill
 * and proof stand without it (C33). Immutable.
 *
 * @param name as it is printed
 * @param address lines
 * @param salt 16 random bytes in hex
 */
public record Addressee(String name, List<String> address, String salt) {
  public Addressee {
    address = List.copyOf(address);
  }

  /** What the bill holds: SHA-256 over the canonical form, in hex. */
  public String commitment() {
    return CanonicalJson.digest(CanonicalJson.of(json()));
  }

  /** As it is hashed. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name).put("salt", salt);
    ArrayNode lines = json.putArray("address");
    address.forEach(lines::add);
    return json;
  }

  /**
   * From its canonical form, as the office keeps it.
   *
   * @throws IllegalArgumentException where it is damaged
   */
  public static Addressee of(byte[] canonical) {
    try {
      return parse(new Place("customer", JsonMapper.shared().readTree(canonical)));
    } catch (ProofException | JacksonException e) {
      throw new IllegalArgumentException("to whom a bill was made out is damaged", e);
    }
  }

  static Addressee parse(Place at) throws ProofException {
    at.object();
    List<String> address = new ArrayList<>();
    for (Place line : at.at("address").list(20)) {
      address.add(line.text(400));
    }
    return new Addressee(
        at.at("name").text(400), address, HexFormat.of().formatHex(at.at("salt").hex(16)));
  }

  /** Says nothing of whom. */
  @Override
  public String toString() {
    return "Addressee[...]";
  }
}
