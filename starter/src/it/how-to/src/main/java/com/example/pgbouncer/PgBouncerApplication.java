package com.example.pgbouncer;

import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class PgBouncerApplication {

}
