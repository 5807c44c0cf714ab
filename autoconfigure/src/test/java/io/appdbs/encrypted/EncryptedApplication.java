package io.appdbs.encrypted;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * Application with encrypted fields in several databases.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class EncryptedApplication {

}
