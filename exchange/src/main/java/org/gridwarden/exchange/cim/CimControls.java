package org.gridwarden.exchange.cim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gridwarden.exchange.xml.Element;

/**
 * EndDeviceControls as orders that somebody wishes: what is made of them is a draft, which people
 * sign and release like any other. Stateless.
 */
public final class CimControls {
  private static final Map<String, String> TYPES = Codes.read("control-types.properties");
  private static final int METERS = 10_000;

  private CimControls() {}

  /**
   * One order.
   *
   * @param id what its sender calls it; may be empty
   * @param action a word of the command vocabulary
   * @param meters whom, by their names; at least one
   * @param reason why, in the sender's words; may be empty
   */
  public record Order(String id, String action, List<String> meters, String reason) {
    public Order {
      meters = List.copyOf(meters);
    }
  }

  /**
   * The orders in a payload.
   *
   * @throws CimException where one is none that is known here; then none of them is done
   */
  public static List<Order> orders(Element controls) throws CimException {
    List<Order> orders = new ArrayList<>();
    int count = 0;
    for (Element control : controls.all("EndDeviceControl").toList()) {
      Order order = order(control);
      count += order.meters().size();
      if (count > METERS) {
        throw new CimException(
            CimException.Code.CONTENT, "more than " + METERS + " meters in a message: split it");
      }
      orders.add(order);
    }
    if (orders.isEmpty()) {
      throw new CimException(
          CimException.Code.CONTENT, "EndDeviceControls holds no EndDeviceControl: add one");
    }
    return orders;
  }

  private static Order order(Element control) throws CimException {
    String type = control.child("EndDeviceControlType").map(t -> t.attribute("ref")).orElse("");
    String action = TYPES.get(type);
    if (action == null) {
      throw new CimException(
          CimException.Code.CONTENT,
          "EndDeviceControlType '"
              + (type.length() > 40 ? type.substring(0, 40) : type)
              + "' is none that is done here; these are: "
              + String.join(", ", TYPES.keySet().stream().sorted().toList()));
    }
    List<String> meters =
        control.all("EndDevices").map(CimReadings::meter).filter(m -> !m.isEmpty()).toList();
    if (meters.isEmpty()) {
      throw new CimException(
          CimException.Code.CONTENT, "an EndDeviceControl names no EndDevices: add their mRID");
    }
    String reason = control.textOf("reason");
    if (reason.length() > 500) {
      throw new CimException(CimException.Code.CONTENT, "a reason has at most 500 characters");
    }
    return new Order(control.textOf("mRID"), action, meters, reason);
  }

  /** What is answered of a draft: its number and how it stands. */
  public static Element drafted(String id, String meter, String action, String verdict) {
    String namespace = Cim.of("EndDeviceControls");
    String type =
        TYPES.entrySet().stream()
            .filter(e -> e.getValue().equals(action) && e.getKey().startsWith("3."))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse("");
    return Element.of(
        namespace,
        "EndDeviceControl",
        List.of(
            Element.of(namespace, "mRID", id),
            Element.of(namespace, "reason", verdict),
            Element.of(namespace, "EndDeviceControlType", "").with("ref", type),
            Element.of(namespace, "EndDevices", List.of(Element.of(namespace, "mRID", meter)))));
  }

  /** A payload of answers. */
  public static Element payload(List<Element> drafted) {
    return Element.of(Cim.of("EndDeviceControls"), "EndDeviceControls", drafted);
  }
}
