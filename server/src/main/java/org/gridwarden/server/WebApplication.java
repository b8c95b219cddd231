package org.gridwarden.server;

import org.apache.tomcat.util.net.SSLHostConfig;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * What the framework does here, named part by part: serve HTTP, and nothing that the class path
 * would make it do by itself.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
  ConfigurationPropertiesAutoConfiguration.class,
  SslAutoConfiguration.class,
  TaskExecutionAutoConfiguration.class,
  JacksonAutoConfiguration.class,
  HttpMessageConvertersAutoConfiguration.class,
  HttpEncodingAutoConfiguration.class,
  TomcatServletWebServerAutoConfiguration.class,
  DispatcherServletAutoConfiguration.class,
  WebMvcAutoConfiguration.class,
  ErrorMvcAutoConfiguration.class,
  SecurityFilterAutoConfiguration.class,
  ServletWebSecurityAutoConfiguration.class,
  SpringDocConfiguration.class,
  SpringDocConfigProperties.class,
  SpringDocWebMvcConfiguration.class,
})
@Import({
  WebSecurity.class,
  Problems.class,
  SessionApi.class,
  FactorApi.class,
  OwnSessionsApi.class,
  ConsolePages.class,
  MeterApi.class,
  MeterAccessApi.class,
  ReadingApi.class,
  ImportApi.class,
  ExportApi.class,
  CimApi.class,
  ThirdPartyApi.class,
  ConsentApi.class,
  OwnUseApi.class,
  OwnBudgetApi.class,
  OwnBillApi.class,
  OwnErasureApi.class,
  EspiApi.class,
  AuditApi.class,
  EventApi.class,
  WaitingApi.class,
  ZigbeeApi.class,
  CollectionApi.class,
  CommandApi.class,
  SecondPersonApi.class,
  CommandPolicyApi.class,
  OperatorKeyApi.class,
  TariffApi.class,
  AnalyticsApi.class,
  LedgerApi.class,
  PlanApi.class,
  VirtualMeterApi.class,
  CompanionApi.class,
  OutletApi.class,
  TrustApi.class,
  ProtectionApi.class,
  AlarmApi.class,
  CertificateApi.class,
  CaseApi.class,
  KeyApi.class,
  StreetApi.class,
  FirmwareApi.class,
  FirmwareFleetApi.class,
  UserApi.class,
  SshKeyApi.class,
  UserPointApi.class,
  AccountApi.class,
  BillApi.class,
  BillRunApi.class,
  StoryApi.class,
  ExceptionApi.class,
  WorkApi.class,
  MachineApi.class,
  OidcApi.class,
  ErasureApi.class,
  BackupApi.class,
  RoleApi.class,
  StateApi.class,
  LiveStream.class,
  ApiDocument.class,
  ApiPage.class,
})
class WebApplication implements WebMvcConfigurer {
  private final Office office;

  WebApplication(Office office) {
    this.office = office;
  }

  /** Where machines may show certificates, any may be shown: {@link MachineDesk} knows them. */
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> certificates(GridwardenConfig config) {
    return factory -> {
      if (config.console().clientCertificates()) {
        factory.addConnectorCustomizers(connector -> {
          for (SSLHostConfig host : connector.findSslHostConfigs()) {
            host.setCertificateVerification("optional");
            host.setTrustManagerClassName(AnyCertificate.class.getName());
          }
        });
      }
    };
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new HttpFigures(office)).addPathPatterns("/api/**");
    registry
        .addInterceptor(new OwnMeters(office))
        .addPathPatterns("/api/v1/meters", "/api/v1/meters/**");
  }

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    CacheControl revalidate = CacheControl.noCache();
    registry
        .addResourceHandler("/console/**")
        .addResourceLocations("classpath:/console/")
        .setCacheControl(revalidate)
        .setEtagGenerator(StaticFiles::etag);
    registry
        .addResourceHandler("/webjars/**")
        .addResourceLocations("classpath:/META-INF/resources/webjars/")
        .setCacheControl(revalidate)
        .setEtagGenerator(StaticFiles::etag);
  }
}
