// SPDX-License-Identifier: GPL-2.0-only

import gurux.dlms.GXDLMSClient;
import gurux.dlms.GXDLMSConnectionEventArgs;
import gurux.dlms.GXDateTime;
import gurux.dlms.ValueEventArgs;
import gurux.dlms.enums.AccessMode;
import gurux.dlms.enums.Authentication;
import gurux.dlms.enums.DataType;
import gurux.dlms.enums.ErrorCode;
import gurux.dlms.enums.InterfaceType;
import gurux.dlms.enums.MethodAccessMode;
import gurux.dlms.enums.ObjectType;
import gurux.dlms.enums.Security;
import gurux.dlms.enums.SourceDiagnostic;
import gurux.dlms.enums.Unit;
import gurux.dlms.objects.GXDLMSAssociationLogicalName;
import gurux.dlms.objects.GXDLMSAssociationShortName;
import gurux.dlms.objects.GXDLMSClock;
import gurux.dlms.objects.GXDLMSData;
import gurux.dlms.objects.GXDLMSDisconnectControl;
import gurux.dlms.objects.GXDLMSHdlcSetup;
import gurux.dlms.objects.GXDLMSObject;
import gurux.dlms.objects.GXDLMSProfileGeneric;
import gurux.dlms.objects.GXDLMSRegister;
import gurux.dlms.objects.GXDLMSSecuritySetup;
import gurux.dlms.objects.GXDLMSTcpUdpSetup;
import gurux.dlms.objects.enums.ApplicationContextName;
import gurux.dlms.objects.enums.ControlMode;
import gurux.dlms.objects.enums.ControlState;
import gurux.dlms.objects.enums.SecurityPolicy;
import gurux.dlms.secure.GXDLMSSecureServer2;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.EnumSet;
import java.util.List;
import java.util.TimeZone;

/**
 * A meter made of Gurux's library, for one connection at a time. Clients: 16 none, 17 LLS, 18 the
 * mechanism of auth=, or HLS with GMAC.
 */
final class GuruxDevice extends GXDLMSSecureServer2 {
  private final Options options;
  private final GXDLMSClock clock = new GXDLMSClock("0.0.1.0.0.255");
  private final GXDLMSDisconnectControl relay = new GXDLMSDisconnectControl("0.0.96.3.10.255");
  private final List<GXDLMSAssociationLogicalName> associations = new ArrayList<>();

  GuruxDevice(Options options) {
    super(new GXDLMSAssociationLogicalName(), new GXDLMSTcpUdpSetup());
    this.options = options;
    fill();
  }

  GuruxDevice(Options options, GXDLMSHdlcSetup hdlc) {
    super(new GXDLMSAssociationLogicalName(), hdlc);
    this.options = options;
    fill();
  }

  GuruxDevice(Options options, GXDLMSAssociationShortName names) {
    super(names, options.link());
    this.options = options;
    fill();
  }

  static GuruxDevice of(Options options) {
    if (!options.logicalNames()) {
      GXDLMSAssociationShortName names = new GXDLMSAssociationShortName();
      names.setSecret(options.text("password", "").getBytes(StandardCharsets.US_ASCII));
      return new GuruxDevice(options, names);
    }
    return options.link() == InterfaceType.HDLC
        ? new GuruxDevice(options, new GXDLMSHdlcSetup())
        : new GuruxDevice(options);
  }

  private void fill() {
    setMaxReceivePDUSize(options.number("max-pdu", 2048));
    getCiphering().setSystemTitle("GRXMETER".getBytes(StandardCharsets.US_ASCII));
    getCiphering().setSecuritySuite(options.suite());
    if (options.has("key")) {
      getCiphering().setBlockCipherKey(options.bytes("key"));
      getCiphering().setAuthenticationKey(options.bytes("auth-key"));
      getCiphering().setInvocationCounter(1);
    }
    if (options.has("own")) {
      getCiphering().setSigningKeyPair(signing());
    }
    if (options.logicalNames()) {
      getItems().clear();
      associate("0.0.40.0.1.255", 16, Authentication.NONE);
      associate("0.0.40.0.2.255", 17, Authentication.LOW);
      associate(
          "0.0.40.0.3.255", 18, options.has("auth") ? options.auth() : Authentication.HIGH_GMAC);
      if (options.has("key") && (options.auth() == Authentication.NONE || options.security() != Security.NONE)) {
        secure(associations.get(2));
      }
      setAssignedAssociation(associations.get(0));
    }

    GXDLMSData name = new GXDLMSData("0.0.42.0.0.255");
    name.setValue("GRX0000000000001");
    getItems().add(name);
    clock.setTimeZone(0);
    getItems().add(clock);
    GXDLMSRegister register = new GXDLMSRegister("1.0.1.8.0.255");
    register.setScaler(0.1);
    register.setUnit(Unit.ACTIVE_ENERGY);
    register.setValue(424_242);
    register.setDataType(2, DataType.UINT32);
    getItems().add(register);

    GXDLMSProfileGeneric profile = new GXDLMSProfileGeneric("1.0.99.1.0.255");
    profile.addCaptureObject(clock, 2, 0);
    profile.addCaptureObject(register, 2, 0);
    long first = 1_795_392_000L; // 2026-11-23T00:00:00Z
    for (int i = 1; i <= 96; i++) {
      Calendar at = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
      at.setTimeInMillis((first + 900L * i) * 1000);
      profile.addRow(new Object[] {new GXDateTime(at), 424_000L + i});
    }
    profile.setEntriesInUse(96);
    profile.setProfileEntries(96);
    getItems().add(profile);

    relay.setControlMode(ControlMode.MODE_4);
    relay.setControlState(ControlState.CONNECTED);
    relay.setOutputState(true);
    getItems().add(relay);
    for (GXDLMSAssociationLogicalName one : associations) {
      one.getObjectList().addAll(getItems());
    }
    initialize();
    profile.setCapturePeriod(
        900); // told, but not done: before initialize() it would start a thread that captures
  }

  private void associate(String name, int client, Authentication mechanism) {
    GXDLMSAssociationLogicalName one = new GXDLMSAssociationLogicalName(name);
    one.setClientSAP(client);
    one.setServerSAP((short) 1);
    one.getAuthenticationMechanismName().setMechanismId(mechanism);
    one.setSecret(options.text("password", "").getBytes(StandardCharsets.US_ASCII));
    one.getXDLMSContextInfo()
        .setConformance(options.conformance(GXDLMSClient.getInitialConformance(true)));
    one.getXDLMSContextInfo().setMaxReceivePduSize(options.number("max-pdu", 2048));
    one.getXDLMSContextInfo().setMaxSendPduSize(options.number("max-pdu", 2048));
    one.getXDLMSContextInfo().setDlmsVersionNumber(6);
    associations.add(one);
    getItems().add(one);
  }

  private KeyPair signing() {
    try {
      return options.signingPair();
    } catch (Exception e) {
      throw new IllegalArgumentException("own and peer are a key each", e);
    }
  }

  /** What the library takes an association's protection from. */
  private void secure(GXDLMSAssociationLogicalName one) {
    GXDLMSSecuritySetup setup = new GXDLMSSecuritySetup("0.0.43.0.0.255");
    setup.setServerSystemTitle(getCiphering().getSystemTitle());
    setup.setSecuritySuite(options.suite());
    setup.setGuek(options.bytes("key"));
    setup.setGak(options.bytes("auth-key"));
    if (options.has("own")) {
      setup.signingKey = signing();
    }
    if (options.security() != Security.NONE || options.auth() == Authentication.NONE) {
      setup.setSecurityPolicy(
          EnumSet.of(
              SecurityPolicy.AUTHENTICATED_REQUEST,
              SecurityPolicy.ENCRYPTED_REQUEST,
              SecurityPolicy.AUTHENTICATED_RESPONSE,
              SecurityPolicy.ENCRYPTED_RESPONSE));
    }
    getItems().add(setup);
    one.getApplicationContextName()
        .setContextId(ApplicationContextName.LOGICAL_NAME_WITH_CIPHERING);
    one.setSecuritySetupReference(setup.getLogicalName());
  }

  @Override
  protected boolean isTarget(int server, int client) {
    if (!options.logicalNames()) {
      return true;
    }
    for (GXDLMSAssociationLogicalName one : associations) {
      if (one.getClientSAP() == client) {
        setAssignedAssociation(one);
        return true;
      }
    }
    return false;
  }

  @Override
  protected SourceDiagnostic onValidateAuthentication(Authentication mechanism, byte[] password) {
    if (options.logicalNames()
        && getAssignedAssociation().getAuthenticationMechanismName().getMechanismId()
            != mechanism) {
      return SourceDiagnostic.NOT_RECOGNISED;
    }
    return mechanism != Authentication.LOW
            || java.util.Arrays.equals(
                password, options.text("password", "").getBytes(StandardCharsets.US_ASCII))
        ? SourceDiagnostic.NONE
        : SourceDiagnostic.AUTHENTICATION_FAILURE;
  }

  @Override
  protected GXDLMSObject onFindObject(ObjectType type, int shortName, String logicalName) {
    if (type == ObjectType.ASSOCIATION_LOGICAL_NAME && "0.0.40.0.0.255".equals(logicalName)) {
      return getAssignedAssociation();
    }
    return null;
  }

  @Override
  protected AccessMode onGetAttributeAccess(ValueEventArgs e) {
    return AccessMode.READ;
  }

  @Override
  protected MethodAccessMode onGetMethodAccess(ValueEventArgs e) {
    boolean proven = getSettings().getAuthentication().getValue() > Authentication.LOW.getValue();
    return proven || e.getTarget() != relay ? MethodAccessMode.ACCESS : MethodAccessMode.NO_ACCESS;
  }

  @Override
  public void onPreRead(ValueEventArgs[] args) {
    for (ValueEventArgs e : args) {
      if (e.getTarget() == clock && e.getIndex() == 2) {
        clock.setTime(Calendar.getInstance(TimeZone.getTimeZone("UTC")));
      }
    }
  }

  /** The relay does not move by itself. */
  @Override
  protected void onPreAction(ValueEventArgs[] args) {
    for (ValueEventArgs e : args) {
      if (e.getTarget() != relay) {
        continue;
      }
      if (e.getIndex() == 1 || e.getIndex() == 2) {
        boolean on = e.getIndex() == 2;
        relay.setControlState(on ? ControlState.CONNECTED : ControlState.DISCONNECTED);
        relay.setOutputState(on);
      } else {
        e.setError(ErrorCode.UNDEFINED_OBJECT);
      }
      e.setHandled(true);
    }
  }

  @Override
  public void onPreGet(ValueEventArgs[] args) {}

  @Override
  public void onPostGet(ValueEventArgs[] args) {}

  @Override
  public void onPostRead(ValueEventArgs[] args) {}

  @Override
  protected void onPreWrite(ValueEventArgs[] args) {}

  @Override
  protected void onPostWrite(ValueEventArgs[] args) {}

  @Override
  protected void onConnected(GXDLMSConnectionEventArgs e) {}

  @Override
  protected void onInvalidConnection(GXDLMSConnectionEventArgs e) {}

  @Override
  protected void onDisconnected(GXDLMSConnectionEventArgs e) {}

  @Override
  protected void onPostAction(ValueEventArgs[] args) {}
}
