// SPDX-License-Identifier: GPL-2.0-only
// A DLMS client made of Gurux's library. Meets a meter over TCP alone.

import gurux.dlms.GXByteBuffer;
import gurux.dlms.GXReplyData;
import gurux.dlms.enums.Authentication;
import gurux.dlms.enums.DataType;
import gurux.dlms.enums.InterfaceType;
import gurux.dlms.enums.ObjectType;
import gurux.dlms.enums.Security;
import gurux.dlms.objects.GXDLMSClock;
import gurux.dlms.objects.GXDLMSDisconnectControl;
import gurux.dlms.objects.GXDLMSObjectCollection;
import gurux.dlms.objects.GXDLMSProfileGeneric;
import gurux.dlms.objects.GXDLMSRegister;
import gurux.dlms.objects.enums.ControlState;
import gurux.dlms.secure.GXDLMSSecureClient;
import java.io.DataInputStream;
import java.net.Socket;
import java.util.HexFormat;

/** Arguments: port, none|lls|gmac, password or GUEK, GAK. Prints what it saw; exit 1 where it is not as it must be. */
public class GuruxClient {
  private final GXDLMSSecureClient client;
  private final Socket socket;
  private final DataInputStream in;

  private GuruxClient(int port, GXDLMSSecureClient client) throws Exception {
    this.client = client;
    this.socket = new Socket("127.0.0.1", port);
    this.socket.setSoTimeout(10_000);
    this.in = new DataInputStream(socket.getInputStream());
  }

  public static void main(String[] args) throws Exception {
    Authentication auth =
        switch (args[1]) {
          case "none" -> Authentication.NONE;
          case "lls" -> Authentication.LOW;
          default -> Authentication.HIGH_GMAC;
        };
    int number = 16 + switch (args[1]) { case "none" -> 0; case "lls" -> 1; default -> 2; };
    GXDLMSSecureClient client =
        new GXDLMSSecureClient(true, number, 1, auth, args[1].equals("lls") ? args[2] : null, InterfaceType.WRAPPER);
    if (auth == Authentication.HIGH_GMAC) {
      client.getCiphering().setSecurity(Security.AUTHENTICATION_ENCRYPTION);
      client.getCiphering().setSystemTitle("GRX00001".getBytes());
      client.getCiphering().setBlockCipherKey(HexFormat.of().parseHex(args[2]));
      client.getCiphering().setAuthenticationKey(HexFormat.of().parseHex(args[3]));
      client.getCiphering().setInvocationCounter(System.currentTimeMillis() / 1000);
    }
    GuruxClient peer = new GuruxClient(Integer.parseInt(args[0]), client);
    peer.run(auth);
    peer.socket.close();
  }

  private void run(Authentication auth) throws Exception {
    GXReplyData reply = new GXReplyData();
    for (byte[] request : client.aarqRequest()) {
      reply.clear();
      ask(request, reply);
    }
    client.parseAareResponse(reply.getData());
    if (auth == Authentication.HIGH_GMAC) {
      for (byte[] request : client.getApplicationAssociationRequest()) {
        reply.clear();
        ask(request, reply);
      }
      client.parseApplicationAssociationResponse(reply.getData());
    }
    System.out.println("associated " + auth);

    reply.clear();
    askAll(client.getObjectsRequest(), reply);
    GXDLMSObjectCollection objects = client.parseObjects(reply.getData(), true);
    System.out.println("objects " + objects.size());
    must(objects.size() == 6, "6 objects");

    GXDLMSRegister register = new GXDLMSRegister("1.0.1.8.0.255");
    read(register, 3);
    read(register, 2);
    System.out.println("register " + register.getValue() + " " + register.getUnit());
    must(((Number) register.getValue()).doubleValue() > 0, "a register above zero");

    GXDLMSClock clock = new GXDLMSClock("0.0.1.0.0.255");
    read(clock, 2);
    long off = Math.abs(clock.getTime().getMeterCalendar().getTimeInMillis() - System.currentTimeMillis());
    System.out.println("clock off by " + off + " ms");
    must(off < 60_000, "a clock that is right");

    GXDLMSProfileGeneric profile = new GXDLMSProfileGeneric("1.0.99.1.0.255");
    read(profile, 3);
    must(profile.getCaptureObjects().size() == 2, "2 columns");
    read(profile, 2);
    System.out.println("profile rows " + profile.getBuffer().length);
    must(profile.getBuffer().length == 96, "96 rows, by blocks");
    reply.clear();
    askAll(client.readRowsByEntry(profile, 2, 3), reply);
    client.updateValue(profile, 2, reply.getValue());
    System.out.println("entries from 2, 3 of them: " + profile.getBuffer().length);
    must(profile.getBuffer().length >= 3, "rows by entry");

    GXDLMSDisconnectControl relay = new GXDLMSDisconnectControl("0.0.96.3.10.255");
    if (auth == Authentication.HIGH_GMAC) {
      act(relay, 1);
      read(relay, 3);
      System.out.println("after disconnect " + relay.getControlState());
      must(relay.getControlState() == ControlState.DISCONNECTED, "disconnected");
      act(relay, 2);
      read(relay, 3);
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
    for (byte[] request : new byte[][] {client.releaseRequest()[0]}) {
      reply.clear();
      ask(request, reply);
    }
    System.out.println("all as it must be");
  }

  private void read(gurux.dlms.objects.GXDLMSObject object, int attribute) throws Exception {
    GXReplyData reply = new GXReplyData();
    askAll(client.read(object, attribute), reply);
    client.updateValue(object, attribute, reply.getValue());
  }

  private void act(GXDLMSDisconnectControl relay, int method) throws Exception {
    GXReplyData reply = new GXReplyData();
    askAll(client.method("0.0.96.3.10.255", ObjectType.DISCONNECT_CONTROL, method, (byte) 0, DataType.INT8), reply);
  }

  private void askAll(byte[][] requests, GXReplyData reply) throws Exception {
    for (byte[] request : requests) {
      ask(request, reply);
    }
    while (reply.isMoreData()) {
      ask(client.receiverReady(reply), reply);
    }
    if (reply.getError() != 0) {
      throw new IllegalStateException(reply.getErrorMessage());
    }
  }

  private void ask(byte[] request, GXReplyData reply) throws Exception {
    socket.getOutputStream().write(request);
    GXByteBuffer frame = new GXByteBuffer();
    do {
      byte[] header = in.readNBytes(8);
      if (header.length < 8) {
        throw new IllegalStateException("the meter closed the connection");
      }
      byte[] body = in.readNBytes((header[6] & 0xFF) << 8 | header[7] & 0xFF);
      frame.set(header);
      frame.set(body);
    } while (!client.getData(frame, reply));
    if (reply.getError() != 0) {
      throw new IllegalStateException(reply.getErrorMessage());
    }
  }

  private static void must(boolean holds, String what) {
    if (!holds) {
      System.err.println("not as it must be: " + what);
      System.exit(1);
    }
  }
}
