/// A certificate for `localhost`, and for nothing else, that signs itself; good for a hundred years.
enum TestCertificate {
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBlTCCATugAwIBAgIUThFIK3nxWGq5+8o1ByJ65dOJZ9QwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTExMDI0MloYDzIxMjYxMDI4
        MTEwMjQyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAS8aEpqR0EcVcAMx/LQ6uCdjvukzo95VyxQMjOVSdO7pYnmwwTuMKSI
        DFp0dsETdqamLxWz0LKVLt/RP5JpqWIao2kwZzAdBgNVHQ4EFgQUawbN6CQ/NZMo
        uCX1ofgxTUBiFn0wHwYDVR0jBBgwFoAUawbN6CQ/NZMouCX1ofgxTUBiFn0wDwYD
        VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
        SAAwRQIgQXny4fO8JdDOi/8rNXvnPFArurHM8B52lMPH13zOpdsCIQC1qEc+EDZE
        9Nq07NZmbuyy74OVsGlvqFXChzIeyky2bQ==
        -----END CERTIFICATE-----
        """
    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg6rBnq+Ucho+vQBaP
        cPtU0saLifPkrVwiOqzByzBqM8OhRANCAAS8aEpqR0EcVcAMx/LQ6uCdjvukzo95
        VyxQMjOVSdO7pYnmwwTuMKSIDFp0dsETdqamLxWz0LKVLt/RP5JpqWIa
        -----END PRIVATE KEY-----
        """
}
