package io.appdbs.indexed;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * Application with documents of two databases and of the default one.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class IndexedApplication {

}
