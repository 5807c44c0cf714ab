package io.appdbs.testsupport.server;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Skips tests if DocumentDB, a MongoDB-compatible engine, has not been unpacked by
 * {@code .ci/servers}.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(UnpackedServersCondition.class)
public @interface RequiresDocumentDb {

}
