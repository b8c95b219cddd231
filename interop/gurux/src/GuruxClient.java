// SPDX-License-Identifier: GPL-2.0-only
// A DLMS client made of Gurux's library. Meets a meter over TCP alone.

import gurux.dlms.GXDLMSAccessItem;
import gurux.dlms.GXReplyData;
import gurux.dlms.enums.AccessServiceCommandType;
import gurux.dlms.enums.Authentication;
import gurux.dlms.enums.DataType;
import gurux.dlms.objects.GXDLMSClock;
import gurux.dlms.objects.GXDLMSDisconnectControl;
import gurux.dlms.objects.GXDLMSObjectCollection;
import gurux.dlms.objects.GXDLMSProfileGeneric;
import gurux.dlms.objects.GXDLMSRegister;
import gurux.dlms.objects.enums.ControlState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;

/**
 * Arguments: name=value, see Options; check=objects,register,… for some checks alone. Prints what
 * it checked; exit 1 where something is not as it must be.
 */
public class GuruxClient {
  private final Options options;
  private final GuruxSession session;

  private GuruxClient(Options options) throws Exception {
    this.options = options;
    this.session = new GuruxSession(options);
  }

  public static void main(String[] args) throws Exception {
    GuruxClient peer = new GuruxClient(Options.of(args));
    peer.session.open();
    peer.run();
    peer.session.release();
    peer.session.close();
    System.out.println("all as it must be");
  }

  private void run() throws Exception {
    String wanted = options.text("check", "objects,register,clock,profile,entries,range,relay");
    GXDLMSProfileGeneric profile = new GXDLMSProfileGeneric("1.0.99.1.0.255");
    if (!options.logicalNames()) {
      // short names are told by the object list alone
      GXReplyData reply = new GXReplyData();
      session.askAll(session.client.getObjectsRequest(), reply);
      session.client.parseObjects(reply.getData(), true);
    }
    for (String check : wanted.split(",")) {
      switch (check) {
        case "objects" -> objects();
        case "register" -> register();
        case "clock" -> clock();
        case "profile" -> profile(profile);
        case "entries" -> entries(profile);
        case "range" -> range(profile);
        case "relay" -> relay();
        case "access" -> access();
        default -> throw new IllegalArgumentException("no check is called " + check);
      }
      System.out.println("checked " + check);
    }
  }

  @SuppressWarnings("unchecked")
  private <T extends gurux.dlms.objects.GXDLMSObject> T named(T object) {
    if (!options.logicalNames()) {
      object.setShortName(
          session
              .client
              .getObjects()
              .findByLN(object.getObjectType(), object.getLogicalName())
              .getShortName());
    }
    return object;
  }

  private void objects() throws Exception {
    GXReplyData reply = new GXReplyData();
    session.askAll(session.client.getObjectsRequest(), reply);
    GXDLMSObjectCollection objects = session.client.parseObjects(reply.getData(), true);
    System.out.println("objects " + objects.size());
    must(objects.size() >= 5, "5 objects or more");
    must(
        objects.findByLN(gurux.dlms.enums.ObjectType.PROFILE_GENERIC, "1.0.99.1.0.255") != null,
        "the profile among the objects");
  }

  private void register() throws Exception {
    GXDLMSRegister register = named(new GXDLMSRegister("1.0.1.8.0.255"));
    session.read(register, 3);
    session.read(register, 2);
    System.out.println("register " + register.getValue() + " " + register.getUnit());
    must(((Number) register.getValue()).doubleValue() > 0, "a register above zero");
  }

  private void clock() throws Exception {
    GXDLMSClock clock = named(new GXDLMSClock("0.0.1.0.0.255"));
    session.read(clock, 2);
    long off = Math.abs(clock.getTime().getMeterCalendar().getTimeInMillis() - System.currentTimeMillis());
    System.out.println("clock off by " + off + " ms");
    must(off < 60_000, "a clock that is right");
  }

  private void profile(GXDLMSProfileGeneric profile) throws Exception {
    named(profile);
    session.read(profile, 3);
    must(profile.getCaptureObjects().size() == 2, "2 columns");
    session.read(profile, 2);
    System.out.println("profile rows " + profile.getBuffer().length);
    must(profile.getBuffer().length == 96, "96 rows");
  }

  private Object[][] rows(GXDLMSProfileGeneric profile, byte[][] request) throws Exception {
    GXReplyData reply = new GXReplyData();
    session.askAll(request, reply);
    profile.clearBuffer();
    session.client.updateValue(profile, 2, reply.getValue());
    return Arrays.stream(profile.getBuffer()).map(Object[].class::cast).toArray(Object[][]::new);
  }

  private static Calendar time(Object[] row) {
    return ((gurux.dlms.GXDateTime) row[0]).getMeterCalendar();
  }

  private void entries(GXDLMSProfileGeneric profile) throws Exception {
    Object[][] all = rows(profile, session.client.read(profile, 2));
    Object[][] some = rows(profile, session.client.readRowsByEntry(profile, 2, 3));
    System.out.println("entries from 2, 3 of them: " + some.length);
    must(some.length == 3, "3 rows by entry");
    must(time(some[0]).equals(time(all[1])), "the second row first");
  }

  private void range(GXDLMSProfileGeneric profile) throws Exception {
    Object[][] all = rows(profile, session.client.read(profile, 2));
    Object[][] some =
        rows(profile, session.client.readRowsByRange(profile, time(all[10]), time(all[19])));
    System.out.println("from the 11th row's time to the 20th's: " + some.length);
    must(some.length == 10, "10 rows by range");
    must(time(some[0]).equals(time(all[10])), "the 11th row first");
  }

  private void act(GXDLMSDisconnectControl relay, int method) throws Exception {
    GXReplyData reply = new GXReplyData();
    session.askAll(session.client.method(relay, method, (byte) 0, DataType.INT8), reply);
  }

  private void relay() throws Exception {
    GXDLMSDisconnectControl relay = named(new GXDLMSDisconnectControl("0.0.96.3.10.255"));
    if (options.auth().getValue() > Authentication.LOW.getValue()) {
      act(relay, 1);
      session.read(relay, 3);
      System.out.println("after disconnect " + relay.getControlState());
      must(relay.getControlState() == ControlState.DISCONNECTED, "disconnected");
      act(relay, 2);
      session.read(relay, 3);
      System.out.println("after reconnect " + relay.getControlState());
      must(relay.getControlState() == ControlState.CONNECTED, "connected");
    } else {
      String refused = "";
      try {
        act(relay, 1);
      } catch (IllegalStateException e) {
        refused = e.getMessage();
      }
      System.out.println("disconnect refused: " + refused);
      must(!refused.isEmpty(), "a refusal");
    }
  }

  /** Several attributes in one ACCESS. */
  private void access() throws Exception {
    GXDLMSRegister register = new GXDLMSRegister("1.0.1.8.0.255");
    GXDLMSClock clock = new GXDLMSClock("0.0.1.0.0.255");
    List<GXDLMSAccessItem> items = new ArrayList<>();
    items.add(new GXDLMSAccessItem(AccessServiceCommandType.GET, register, 3));
    items.add(new GXDLMSAccessItem(AccessServiceCommandType.GET, register, 2));
    items.add(new GXDLMSAccessItem(AccessServiceCommandType.GET, clock, 2));
    GXReplyData reply = new GXReplyData();
    session.askAll(session.client.accessRequest(null, items), reply);
    session.client.parseAccessResponse(items, reply.getData());
    for (GXDLMSAccessItem item : items) {
      System.out.println("access " + item.getTarget().getLogicalName() + " " + item.getError() + " " + item.getValue());
      must(item.getError() == gurux.dlms.enums.ErrorCode.OK, "no error by ACCESS");
    }
    must(((Number) register.getValue()).doubleValue() > 0, "a register above zero by ACCESS");
  }

  private static void must(boolean holds, String what) {
    if (!holds) {
      System.err.println("not as it must be: " + what);
      System.exit(1);
    }
  }
}
