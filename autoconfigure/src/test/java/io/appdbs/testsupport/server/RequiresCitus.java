package io.appdbs.testsupport.server;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Skips tests unless the system property {@value CitusServer#PROPERTY} names a
 * coordinator of Citus.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(CitusCondition.class)
public @interface RequiresCitus {

}
