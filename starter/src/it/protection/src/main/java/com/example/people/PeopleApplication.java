package com.example.people;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * An application that has nothing but configuration for TLS with a client certificate as
 * login, least privilege, audit and encrypted fields.
 */
@SpringBootApplication
class PeopleApplication {

}
