package org.gridwarden.bench.dlms;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.Ciphering;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.SecurityControl;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.meter.MeterAssociation;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What our codec takes for one APDU, without any link. An encoding begins with what an application
 * has (an attribute, a value) and ends with bytes; a decoding the other way round.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecRates {
  private final Service.Selected register =
      new Service.Selected(Sessions.REGISTER, Optional.empty());
  private final Outcome energy =
      new Outcome.Value(new DlmsData.DoubleLongUnsigned(LoadMeter.ENERGY));
  private final Service.GotNormal profile = CodecShapes.profile();
  private final byte[] profileResponse = Apdus.encode(profile);
  private final byte[] password = Words.of("password=12345678").password();
  private final DlmsKeys keys = CodecShapes.keys();
  private byte[] gloProfile = {};
  private final byte[] next = {(byte) 0xC0, 2, (byte) 0xC1, 0, 0, 0, 1};
  private long counter = 1;
  private final MeterAssociation meter = new MeterAssociation(LoadMeter.device(Words.of()), 16);

  /** Makes what is read, and opens the meter. */
  @Setup
  public void make() throws DlmsException {
    gloProfile = CodecShapes.gloProfile();
    meter.answer(CodecShapes.AARQ_NONE);
    if (!meter.isOpen() || !(profile_response_decode() instanceof Service.GotNormal)) {
      throw new IllegalStateException("the meter is not open, or the profile not read");
    }
  }

  @Benchmark
  public byte[] get_request_encode() {
    return Apdus.encode(new Service.GetNormal(CodecShapes.INVOKE, register));
  }

  @Benchmark
  public Apdu get_request_decode() throws DlmsException {
    return Apdus.decode(CodecShapes.GET_REQUEST);
  }

  @Benchmark
  public byte[] get_response_encode() {
    return Apdus.encode(new Service.GotNormal(CodecShapes.INVOKE, energy));
  }

  @Benchmark
  public Apdu get_response_decode() throws DlmsException {
    return Apdus.decode(CodecShapes.GET_RESPONSE);
  }

  @Benchmark
  public byte[] profile_response_encode() {
    return Apdus.encode(profile);
  }

  @Benchmark
  public Apdu profile_response_decode() throws DlmsException {
    return Apdus.decode(profileResponse);
  }

  @Benchmark
  public byte[] aarq_encode() {
    return Apdus.encode(
        new Acse.Aarq(
            Acse.Context.LOGICAL_NAME,
            DlmsData.OctetString.EMPTY,
            Acse.Mechanism.LLS,
            DlmsData.OctetString.of(password),
            DlmsData.OctetString.of(
                Apdus.encode(
                    new Initiate.Request(
                        DlmsData.OctetString.EMPTY,
                        -1,
                        Initiate.VERSION,
                        new Conformance(0x1E1D),
                        0xFFFF)))));
  }

  @Benchmark
  public Apdu aarq_decode() throws DlmsException {
    return Apdus.decode(CodecShapes.AARQ);
  }

  @Benchmark
  public byte[] aare_encode() {
    return Apdus.encode(
        new Acse.Aare(
            Acse.Context.LOGICAL_NAME,
            Acse.Aare.ACCEPTED,
            true,
            0,
            DlmsData.OctetString.EMPTY,
            Acse.Mechanism.NONE,
            DlmsData.OctetString.EMPTY,
            DlmsData.OctetString.of(
                Apdus.encode(
                    new Initiate.Response(
                        -1,
                        Initiate.VERSION,
                        new Conformance(0x1E1D),
                        0x0800,
                        Initiate.Response.LOGICAL_NAMES)))));
  }

  /** With what it carries, as a client needs it. */
  @Benchmark
  public Apdu aare_decode() throws DlmsException {
    return Apdus.decode(((Acse.Aare) Apdus.decode(CodecShapes.AARE)).userInformation().bytes());
  }

  @Benchmark
  public byte[] glo_get_request_protect() throws DlmsException {
    return Apdus.encode(
        Ciphering.protect(
            CodecShapes.GLO_GET_REQUEST,
            SecurityControl.SUITE_0_AUTHENTICATED_ENCRYPTED,
            CodecShapes.TITLE,
            counter++,
            get_request_encode(),
            keys));
  }

  @Benchmark
  public Apdu glo_profile_response_open() throws DlmsException {
    Apdu.Ciphered outer = (Apdu.Ciphered) Apdus.decode(gloProfile);
    return Apdus.decode(Ciphering.unprotect(outer, CodecShapes.TITLE, keys));
  }

  /** A meter's answer as a whole: the request read, the object asked, the response written. */
  @Benchmark
  public List<byte[]> meter_get() {
    return meter.answer(CodecShapes.GET_REQUEST);
  }

  /** In the two blocks that it takes. */
  @Benchmark
  public List<byte[]> meter_profile() {
    meter.answer(CodecShapes.PROFILE_REQUEST);
    return meter.answer(next);
  }
}
