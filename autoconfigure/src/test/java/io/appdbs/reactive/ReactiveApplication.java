package io.appdbs.reactive;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/**
 * Application with reactive repositories.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ReactiveApplication {

}
